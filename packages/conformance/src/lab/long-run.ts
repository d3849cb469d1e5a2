/** A run that no machine finishes while a check looks: for what happens to runs in flight. */
import type { DriverResult } from '@isinglass/sdk';
import type { LoadedProbe, ProbeRun } from './loaded-probe.ts';
import { anyStart } from './uniform-start.ts';

/** Sweeps of such a run: at a nanosecond each, a second. */
export const longRunSweeps = 2 ** 30;

/** One image and one retained sample after 2^30 sweeps, unless said otherwise. */
export function longRun(loaded: LoadedProbe, o: { readonly seed: bigint } & Partial<ProbeRun>): Promise<DriverResult> {
  const stride = loaded.lab.profile.readout.strideMin;
  const rows = typeof o.images === 'number' ? o.images : 1;
  const start = anyStart(loaded, rows);
  return loaded.run({ images: 1, start, sweeps: longRunSweeps, burnIn: longRunSweeps - stride, stride, ...o });
}

/** Lets the device begin what it was asked to do. */
export function moment(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
