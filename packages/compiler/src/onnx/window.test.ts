import { expect, test } from 'vitest';
import { dice } from '../../test/support/random-block.ts';
import type { Attribute, OnnxNode } from './onnx-model.ts';
import { tapsInBounds, windowOf } from './window.ts';

function conv(attributes: Readonly<Record<string, readonly number[] | string>>): OnnxNode {
  const entries = Object.entries(attributes).map(([name, value]): [string, Attribute] => [
    name,
    typeof value === 'string'
      ? { kind: 'string', value: new TextEncoder().encode(value) }
      : { kind: 'ints', value: value.map(BigInt) },
  ]);
  return { name: 'conv', opType: 'Conv', domain: '', inputs: [], outputs: [], attributes: new Map(entries) };
}

test('taps in bounds, in closed form, are those that counting finds', () => {
  const random = dice(3);
  const int = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  let clipped = 0;
  for (let n = 0; n < 500; n++) {
    const [size, kernel, stride, dilation] = [int(1, 9), int(1, 4), int(1, 3), int(1, 3)];
    const pads = [int(0, 6), int(0, 6)] as const;
    if (size + pads[0] + pads[1] < dilation * (kernel - 1) + 1) continue;
    const window = windowOf(conv({ strides: [stride], dilations: [dilation], pads }), [size], [kernel]);
    let count = 0;
    for (let o = 0; o < (window.output[0] ?? 0); o++) {
      for (let t = 0; t < kernel; t++) {
        const at = o * stride + t * dilation - pads[0];
        if (at >= 0 && at < size) count++;
      }
    }
    expect(tapsInBounds(window, [size], 0)).toBe(count);
    if (count < (window.output[0] ?? 0) * kernel) clipped++;
  }
  expect(clipped).toBeGreaterThan(100);
});

test('an odd automatic padding has its larger half at the end, or at the beginning', () => {
  const pads = (autoPad: string) => windowOf(conv({ auto_pad: autoPad }), [5], [4]).pads;
  expect(pads('SAME_UPPER')).toEqual([1, 2]);
  expect(pads('SAME_LOWER')).toEqual([2, 1]);
  expect(pads('VALID')).toEqual([0, 0]);
});

test.for([
  { what: 'a stride of 0', attributes: { strides: [0] } },
  { what: 'a negative pad', attributes: { pads: [-1, 0] } },
  { what: 'one pad for two ends', attributes: { pads: [1] } },
  { what: 'another kernel_shape than the weights', attributes: { kernel_shape: [2] } },
  { what: 'an unknown auto_pad', attributes: { auto_pad: 'SAME' } },
  { what: 'a kernel beyond the map', attributes: { dilations: [5] } },
])('$what is refused, by the name of the node', ({ attributes }) => {
  expect(() => windowOf(conv(attributes), [5], [3])).toThrow(
    expect.objectContaining({ code: 'invalid-model', where: 'conv' }),
  );
  expect(windowOf(conv({ kernel_shape: [3], pads: [1, 0], strides: [2] }), [5], [3]).output).toEqual([2]);
});
