import { expect, test } from 'vitest';
import { type Frame, FrameReader, frameChunks, lineBytesMax, ProtocolError } from './frames.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const all = Buffer.concat([
  ...frameChunks({ type: 'a', parts: [3, 0, 2] } as { type: string }, [bytes(10, 123, 34), bytes(), bytes(1, 2)]),
  ...frameChunks({ type: 'b' }),
  ...frameChunks({ type: 'ü', parts: [0] } as { type: string }, [bytes()]),
]);
const plain = ({ message, parts }: Frame) => [(message as { type: string }).type, parts.map((part) => [...part])];
const expected = [
  ['a', [[10, 123, 34], [], [1, 2]]],
  ['b', []],
  ['ü', [[]]],
];

test('messages come out whole, however the pipe cuts them', () => {
  for (let size = 1; size <= all.length; size++) {
    const reader = new FrameReader();
    const frames: Frame[] = [];
    for (let at = 0; at < all.length; at += size) frames.push(...reader.push(all.subarray(at, at + size)));
    expect(frames.map(plain)).toEqual(expected);
    expect(reader.inMessage).toBe(false);
  }
});

test('a part has a buffer of its own, so that it can be read as words', () => {
  const [frame] = new FrameReader().push(all);
  expect(frame?.parts[0]?.buffer.byteLength).toBe(3);
});

test('an unfinished message is known as such', () => {
  const reader = new FrameReader();
  reader.push(Buffer.from('{"type":"a","parts":[2]}\n1'));
  expect(reader.inMessage).toBe(true);
  expect(reader.push(Buffer.from('2'))).toHaveLength(1);
});

test.each([
  'no json\n',
  '\n',
  '{"type":"a","parts":3}\n',
  '{"type":"a","parts":[-1]}\n',
  '{"type":"a","parts":[0.5]}\n',
  '{"type":"a","parts":[8589934593]}\n',
  'x'.repeat(lineBytesMax + 1),
])('what is no message is refused', (text) => {
  expect(() => new FrameReader().push(Buffer.from(text))).toThrow(ProtocolError);
});
