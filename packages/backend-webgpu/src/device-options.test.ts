import { isIsinglassError } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { parseWebgpuUri, type WebgpuOptions } from './device-options.ts';

function refusal(uri: string): string {
  try {
    parseWebgpuUri(uri);
  } catch (e) {
    if (isIsinglassError(e)) return `${e.code} ${e.message}`;
    throw e;
  }
  return 'accepted';
}

test('options are read; defaults are 1 GiB, any GPU, no limit of rows and whatever is fastest', () => {
  const defaults: WebgpuOptions = {
    adapter: undefined,
    power: undefined,
    memoryBytesMax: 2 ** 30,
    rowsMax: Number.POSITIVE_INFINITY,
    products: 'auto',
    fuse: 'small',
    workgroup: 64,
  };
  expect(parseWebgpuUri('webgpu')).toEqual(defaults);
  expect(parseWebgpuUri('webgpu?')).toEqual(defaults);
  const all =
    'webgpu?adapter=RTX%20A&power=low-power&memoryMiB=3&rowsMax=24&products=planes&fuse=nothing&workgroup=256';
  expect(parseWebgpuUri(all)).toEqual({
    adapter: 'RTX A',
    power: 'low-power',
    memoryBytesMax: 3 * 2 ** 20,
    rowsMax: 24,
    products: 'planes',
    fuse: 'nothing',
    workgroup: 256,
  });
});

test.each(['webgpu:0', 'webgp', 'webgpu2', ''])('there is no device %j', (name) => {
  expect(refusal(name)).toMatch(/^invalid-request no device .*there is webgpu/);
});

test('an unknown option is refused with the known ones', () => {
  expect(refusal('webgpu?threads=3')).toContain('known: adapter, power, memoryMiB, rowsMax, products, fuse, workgroup');
  expect(refusal('webgpu?rowsMax=3')).toBe('accepted');
});

test.each([
  ['rowsMax=0', 'rowsMax=1', 'at least 1'],
  ['rowsMax=-1', 'rowsMax=1', 'at least 1'],
  ['rowsMax=1.5', 'rowsMax=2', 'at least 1'],
  ['memoryMiB=0', 'memoryMiB=1', 'at least 1'],
  ['memoryMiB=1e3', 'memoryMiB=1000', 'at least 1'],
  ['rowsMax=1&rowsMax=2', 'rowsMax=1&memoryMiB=2', 'rowsMax is given twice'],
  ['power=high', 'power=high-performance', 'high-performance or low-power'],
  ['products=dense', 'products=packed', 'packed (four int8 at a time) or planes'],
  ['fuse=all', 'fuse=small', 'small (many sweeps of a small block are one dispatch) or nothing'],
  ['workgroup=16', 'workgroup=32', '32, 64, 128 or 256'],
  ['workgroup=512', 'workgroup=256', '32, 64, 128 or 256'],
  ['adapter=', 'adapter=a', 'a part of the name of a GPU'],
])('webgpu?%s is refused, webgpu?%s is not', (wrong, right, text) => {
  expect(refusal(`webgpu?${wrong}`)).toMatch(/^invalid-request /);
  expect(refusal(`webgpu?${wrong}`)).toContain(text);
  expect(refusal(`webgpu?${right}`)).toBe('accepted');
});
