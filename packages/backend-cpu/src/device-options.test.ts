import { isIsinglassError } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { parseCpuUri } from './device-options.ts';

const refusal = (uri: string): string => {
  try {
    parseCpuUri(uri);
  } catch (e) {
    if (isIsinglassError(e) && e.code === 'invalid-request') return e.message;
    throw e;
  }
  return 'accepted';
};

test.each(['cpu', 'cpu:scalar', 'cpu?rowsMax=1', 'cpu:scalar?memoryMiB=64&rowsMax=24'])('%s is a device', (uri) => {
  expect(refusal(uri)).toBe('accepted');
});

test('options are read, defaults are 2 GiB and no limit of rows', () => {
  expect(parseCpuUri('cpu')).toEqual({ memoryBytesMax: 2 ** 31, rowsMax: Number.POSITIVE_INFINITY });
  expect(parseCpuUri('cpu?rowsMax=24&memoryMiB=3')).toEqual({ memoryBytesMax: 3 * 2 ** 20, rowsMax: 24 });
});

test('an unknown device is refused with the known ones', () => {
  expect(refusal('cpu:fast')).toContain('cpu, cpu:scalar');
});

test('an unknown option is refused with the known ones', () => {
  expect(refusal('cpu?rows=3')).toContain('memoryMiB, rowsMax');
});

test.each(['cpu?rowsMax=0', 'cpu?rowsMax=-1', 'cpu?rowsMax=1.5', 'cpu?rowsMax=', 'cpu?rowsMax=1&rowsMax=2'])(
  '%s is refused',
  (uri) => {
    expect(refusal(uri)).toContain('rowsMax');
  },
);
