/** One program and runs of it, for tests of what a driver does around the arithmetic. */
import { isIsinglassError } from '@isinglass/sdk';
import { programFamilies, type RunData } from '@isinglass/sdk/testing';

/** Two free banks of maps, `a` and `b`, joined by a convolution whose gain is delta. */
export const maps = programFamilies.convolutions(6);

/** Both ways that its sweeps may go, each with these options of the device. */
export const ways = [
  ['many sweeps in a dispatch', (options = '') => `webgpu?${options}`],
  ['color by color', (options = '') => `webgpu?fuse=nothing&${options}`],
] as const;

/** Eight sweeps of one row, from random states. */
export const short: RunData = {
  block: 3,
  gains: { delta: 1 },
  images: Uint32Array.of(0),
  inputs: {},
  chains: 1,
  chainOffset: 0,
  sweeps: 8,
  burnIn: 0,
  stride: 1,
  sweepOffset: 0,
  temperatures: null,
  seed: 7n,
  start: { kind: 'random' },
  keep: 'nothing',
  readouts: [{ bank: 'b', observable: 'spin-sum', as: 'sums', tie: 1 }],
};

/** Long enough to be interrupted, however fast the GPU. */
export const endless: RunData = { ...short, sweeps: 100_000_000, burnIn: 50_000_000 };

/** Rows of one image each. */
export const imagesOf = (count: number): RunData['images'] => Uint32Array.from({ length: count }, (_, n) => n);

/** The code of what a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'resolved',
    (e: unknown) => (isIsinglassError(e) ? e.code : `other: ${String(e)}`),
  );
}

export const soon = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
