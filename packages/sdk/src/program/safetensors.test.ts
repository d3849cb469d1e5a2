/** The container beyond the oracle's rejected files: limits of its numbers, odd but valid files, several faults at once. */
import { describe, expect, test } from 'vitest';
import type { ProgramTensor } from './program.ts';
import { readContainer, writeContainer } from './safetensors.ts';

const metadata = { format: 'isg', isinglass: '{}' };

function framed(header: unknown, dataBytes = 0, padding = ''): Uint8Array<ArrayBuffer> {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const bytes = new TextEncoder().encode(text + padding);
  const size = 8 * Math.ceil(bytes.length / 8);
  const file = new Uint8Array(8 + size + dataBytes).fill(0x20, 8, 8 + size);
  new DataView(file.buffer).setBigUint64(0, BigInt(size), true);
  file.set(bytes, 8);
  return file;
}

function places(file: Uint8Array): readonly string[] {
  const reading = readContainer(file);
  return reading.kind === 'invalid' ? reading.violations.map(({ code, where }) => `${code} ${where}`) : [];
}

/** Entries of a header, by dtype, shape and data_offsets. */
const entry = (dtype: string, shape: unknown, ...offsets: unknown[]) => ({ dtype, shape, data_offsets: offsets });

test('a file without tensors, with empty tensors and with scalars is valid', () => {
  expect(places(framed({ __metadata__: metadata }))).toEqual([]);
  const header = {
    __metadata__: metadata,
    scalar: entry('F32', [], 0, 4),
    empty: entry('F32', [0, 2 ** 40], 4, 4),
    alsoEmpty: entry('U8', [3, 0], 4, 4),
    last: entry('I8', [2], 4, 6),
  };
  expect(places(framed(header, 6))).toEqual([]);
});

test('an empty tensor lies between others, not inside one, and is aligned', () => {
  const header = { __metadata__: metadata, a: entry('I8', [6], 0, 6), b: entry('U8', [0], 3, 3) };
  expect(places(framed(header, 6))).toEqual(['P101 header.b.data_offsets']);
  const misaligned = { __metadata__: metadata, a: entry('I8', [6], 0, 6), b: entry('F32', [0], 6, 6) };
  expect(places(framed(misaligned, 6))).toEqual(['P101 header.b.data_offsets']);
});

describe('header', () => {
  test.each([0, 1, 7])('a file of %i bytes ends inside the header length', (length) => {
    expect(places(new Uint8Array(length))).toEqual([`P101 byte ${length}`]);
  });

  test('an empty header is not JSON', () => {
    expect(places(new Uint8Array(8))).toEqual(['P101 byte 8']);
  });

  test('a length beyond what the file has is refused before anything is allocated', () => {
    for (const length of [16n, 2n ** 32n, 2n ** 53n + 8n, 2n ** 64n - 8n]) {
      const file = new Uint8Array(16);
      new DataView(file.buffer).setBigUint64(0, length, true);
      expect(places(file)).toEqual(['P101 bytes 0-7']);
    }
  });

  test('the place of a syntax error counts bytes of the file, not characters', () => {
    expect(places(framed('{"é": x}'))).toEqual(['P101 byte 15']);
  });

  test.each(['\n', '\t', '\u0000'])('is padded with spaces only: %j is refused', (padding) => {
    expect(places(framed({ __metadata__: metadata }, 0, padding))).toHaveLength(1);
    expect(places(framed({ __metadata__: metadata }, 0, ' '))).toEqual([]);
  });

  test('begins with a brace: no byte order mark, no space', () => {
    expect(places(framed(`\ufeff${JSON.stringify({ __metadata__: metadata })}`))).toEqual(['P101 byte 8']);
    expect(places(framed(` ${JSON.stringify({ __metadata__: metadata })}`))).toEqual(['P101 byte 8']);
    expect(places(framed([{ __metadata__: metadata }]))).toEqual(['P101 byte 8']);
  });

  test('numbers are integers as safetensors writes them', () => {
    const text = JSON.stringify({ __metadata__: metadata, a: entry('I8', [77], 0, 77) });
    expect(places(framed(text, 77))).toEqual([]);
    expect(places(framed(text.replace('[77]', '[77.0]'), 77))).toEqual(['P101 header.a.shape[0]']);
    expect(places(framed(text.replace('[0,77]', '[0,7.7e1]'), 77))).toEqual(['P101 header.a.data_offsets[1]']);
  });
});

describe('metadata', () => {
  test.each([
    [{}, ['header.__metadata__']],
    [{ __metadata__: {} }, ['header.__metadata__.format', 'header.__metadata__.isinglass']],
    [{ __metadata__: { ...metadata, isinglass: 5 } }, ['header.__metadata__.isinglass']],
    [{ __metadata__: 'isg' }, ['header.__metadata__']],
  ])('%j', (header, where) => {
    expect(places(framed(header))).toEqual(where.map((place) => `P101 ${place}`));
  });
});

test('every fault of every tensor is listed', () => {
  const header = {
    __metadata__: { ...metadata, author: 'nobody' },
    a: entry('F31', [-1], 0, 4),
    b: entry('F32', 'two', 4),
    c: { dtype: 'F32', shape: [1], data_offsets: [8, 4], extra: 1 },
    'd e': 7,
  };
  expect(places(framed(header, 8))).toEqual([
    'P101 header.__metadata__.author',
    'P101 header.a.dtype',
    'P101 header.a.shape',
    'P101 header.b.shape',
    'P101 header.b.data_offsets',
    'P101 header.c.extra',
    'P101 header.c.data_offsets',
    'P101 header["d e"]',
  ]);
});

test('a product of sizes that no float64 holds is no shape of any tensor', () => {
  const header = { __metadata__: metadata, a: entry('I8', Array(2000).fill(2 ** 50), 0, 8) };
  expect(places(framed(header, 8))).toEqual(['P101 header.a.shape']);
});

test('tensors are written by element size and then by the UTF-8 bytes of their names', () => {
  const tensor: ProgramTensor = { dtype: 'I8', shape: [1], data: Int8Array.of(1) };
  const wide: ProgramTensor = { dtype: 'F64', shape: [1], data: Float64Array.of(1) };
  // U+FB33 before U+1F600 in UTF-8, after it in UTF-16; "B" before "a" in both.
  const names = ['a', 'B', '\u{1f600}', '\ufb33', 'aa', ''];
  const tensors = new Map([...names.map((name) => [name, tensor] as const), ['z', wide] as const]);
  const reading = readContainer(writeContainer({ programText: '{}', tensors }));
  if (reading.kind === 'invalid') throw new Error('invalid');
  expect([...reading.tensors.keys()]).toEqual(['z', '', 'B', 'a', 'aa', '\ufb33', '\u{1f600}']);
  expect(new Map(reading.tensors)).toEqual(tensors);
});
