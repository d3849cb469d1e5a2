import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ValueSpec } from '@isinglass/sdk';
import { encode } from 'fast-png';
import { afterAll, describe, expect, it } from 'vitest';
import { writeNpy } from './npy.ts';
import { readImages } from './read-images.ts';
import { readLabels } from './read-labels.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-images-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function idx(type: number, shape: readonly number[], data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  bytes.set([0, 0, type, shape.length]);
  const view = new DataView(bytes.buffer);
  shape.forEach((size, axis) => {
    view.setUint32(4 + 4 * axis, size);
  });
  bytes.set(data, 4 + 4 * shape.length);
  return bytes;
}

const grey: ValueSpec = { name: 'image', dtype: 'u8', shape: ['batch', 1, 2, 3] };
const rgb: ValueSpec = { name: 'image', dtype: 'u8', shape: ['batch', 3, 1, 2] };
const twelve = Array.from({ length: 12 }, (_, i) => i);

describe('readImages', () => {
  it('reads IDX, plain and gzipped, under the shape of the input', () => {
    const expected = { dtype: 'u8', shape: [2, 1, 2, 3], data: Uint8Array.from(twelve) };
    const plain = idx(8, [2, 2, 3], twelve);
    expect(readImages(file('plain.idx', plain), grey)).toEqual(expected);
    expect(readImages(file('packed.idx.gz', gzipSync(plain)), grey)).toEqual(expected);
  });

  it('takes the first images only under a limit', () => {
    const path = file('limit.idx', idx(8, [2, 2, 3], twelve));
    expect(readImages(path, grey, { limit: 1 })).toEqual({
      dtype: 'u8',
      shape: [1, 1, 2, 3],
      data: Uint8Array.from(twelve.slice(0, 6)),
    });
    expect(readImages(path, grey, { limit: 9 }).shape[0]).toBe(2);
  });

  it('reads IDX floats from their big-endian bytes', () => {
    const path = file('floats.idx', idx(0x0d, [1, 1], [0x3f, 0x80, 0, 0]));
    const input: ValueSpec = { name: 'x', dtype: 'f32', shape: ['batch', 1] };
    expect(readImages(path, input).data).toEqual(Float32Array.of(1));
  });

  it('flattens images for a flat input, and takes one image without a batch axis', () => {
    const path = file('one.npy', writeNpy({ shape: [2, 3], data: new Float32Array(6) }));
    expect(readImages(path, { ...grey, dtype: 'f32' }).shape).toEqual([1, 1, 2, 3]);
    const flat: ValueSpec = { name: 'x', dtype: 'u8', shape: ['batch', 6] };
    expect(readImages(file('flat.idx', idx(8, [2, 2, 3], twelve)), flat).shape).toEqual([2, 6]);
  });

  it('refuses another shape, and says so when the channels are last', () => {
    expect(() => readImages(file('turned.idx', idx(8, [2, 3, 2], twelve)), grey)).toThrow(/\[3,2\].*\[1,2,3\]/);
    const last = file('last.npy', writeNpy({ shape: [4, 5, 6, 3], data: new Float32Array(360) }));
    const input: ValueSpec = { name: 'image', dtype: 'f32', shape: ['batch', 3, 5, 6] };
    expect(() => readImages(last, input)).toThrow(/channels are last/);
  });

  it('refuses damaged and unknown files by name', () => {
    const short = idx(8, [2, 2, 3], twelve).subarray(0, 20);
    expect(() => readImages(file('short.idx', short), grey)).toThrow(/short.idx shape \[2,2,3\] needs 12 bytes/);
    expect(() => readImages(file('type.idx', idx(0x0c, [1, 1], [0, 0, 0, 1])), grey)).toThrow(/0xc/);
    expect(() => readImages(file('cut.gz', gzipSync(short).subarray(0, 15)), grey)).toThrow(/cannot be unpacked/);
    expect(() => readImages(file('text.txt', new TextEncoder().encode('hello world')), grey)).toThrow(/neither IDX/);
    expect(() => readImages(join(folder, 'missing'), grey)).toThrow(/missing cannot be read/);
  });

  it('reads PNG: grey as it is, RGB as luma for one channel and as planes for three', () => {
    const greyPng = encode({ width: 3, height: 2, channels: 1, data: Uint8Array.from([1, 2, 3, 4, 5, 6]) });
    expect(readImages(file('g.png', greyPng), grey).data).toEqual(Uint8Array.from([1, 2, 3, 4, 5, 6]));
    const rgbPng = encode({ width: 2, height: 1, channels: 3, data: Uint8Array.from([10, 20, 30, 255, 255, 255]) });
    expect(readImages(file('c.png', rgbPng), rgb).data).toEqual(Uint8Array.from([10, 255, 20, 255, 30, 255]));
    // 0.299 · 10 + 0.587 · 20 + 0.114 · 30 = 18.15
    const oneChannel: ValueSpec = { name: 'image', dtype: 'u8', shape: ['batch', 1, 1, 2] };
    expect(readImages(join(folder, 'c.png'), oneChannel).data).toEqual(Uint8Array.of(18, 255));
    const greyForRgb = encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 8) });
    expect(readImages(file('g3.png', greyForRgb), rgb).data).toEqual(Uint8Array.of(7, 8, 7, 8, 7, 8));
  });

  it('scales other PNG depths to 8 bits and refuses transparency, not opaque alpha', () => {
    const one: ValueSpec = { name: 'image', dtype: 'u8', shape: ['batch', 1, 1, 2] };
    const sixteen = encode({ width: 2, height: 1, channels: 1, depth: 16, data: Uint16Array.of(65535, 257) });
    expect(readImages(file('16.png', sixteen), one).data).toEqual(Uint8Array.of(255, 1));
    const opaque = encode({ width: 2, height: 1, channels: 2, data: Uint8Array.of(9, 255, 8, 255) });
    expect(readImages(file('opaque.png', opaque), one).data).toEqual(Uint8Array.of(9, 8));
    const glass = encode({ width: 2, height: 1, channels: 2, data: Uint8Array.of(9, 255, 8, 254) });
    expect(() => readImages(file('glass.png', glass), one)).toThrow(/transparent at pixel 1, 0/);
  });

  it('reads a folder of PNG files in the order of their numbers', () => {
    const digits = mkdtempSync(join(folder, 'digits-'));
    for (const n of [10, 2, 1]) {
      const png = encode({ width: 3, height: 2, channels: 1, data: new Uint8Array(6).fill(n) });
      writeFileSync(join(digits, `${n}.png`), png);
    }
    const rows = Array.from(readImages(digits, grey).data, Number);
    expect(rows.filter((_, i) => i % 6 === 0)).toEqual([1, 2, 10]);
    expect(readImages(digits, grey, { limit: 2 }).shape).toEqual([2, 1, 2, 3]);
    expect(() => readImages(mkdtempSync(join(folder, 'empty-')), grey)).toThrow(/no .png/);
  });
});

describe('readLabels', () => {
  it('reads as many labels as there are images', () => {
    const path = file('labels.idx', idx(8, [3], [7, 2, 1]));
    expect(readLabels(path, { images: 3 })).toEqual([7, 2, 1]);
    expect(readLabels(path, { images: 2, limit: 2 })).toEqual([7, 2]);
    expect(() => readLabels(path, { images: 2 })).toThrow(/3 labels for 2 images/);
    const floats = file('float-labels.npy', writeNpy({ shape: [3], data: new Float32Array(3) }));
    expect(() => readLabels(floats, { images: 3 })).toThrow(/labels are integers/);
  });
});
