/** The forms of `cpu` that tests go through: every SIMD build, one to four threads. */
import { isIsinglassError } from '@isinglass/sdk';
import { parseCpuUri } from '../src/device-options.ts';

export const kernelDevices = (['baseline', 'relaxed'] as const).flatMap((simd) =>
  [1, 2, 3, 4].map((threads) => `cpu?threads=${threads}&simd=${simd}`),
);

/** Why a device is not to be had here, or null. Anything but a missing feature is thrown. */
export function whyUnavailable(uri: string): string | null {
  try {
    parseCpuUri(uri);
    return null;
  } catch (e) {
    if (isIsinglassError(e) && e.code === 'unsupported') return e.message;
    throw e;
  }
}
