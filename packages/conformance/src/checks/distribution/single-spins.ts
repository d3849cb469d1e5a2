/** Spins without couplings: every update is an independent trial, so that long runs that return sums alone are as good as single states. */
import type { LoadedProbe, ProbeRun, SpinRows } from '../../lab/loaded-probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { TooFewSamples } from '../check.ts';
import { anyStart } from './state-law.ts';

/** Sweeps of a run, where the device's counters have room for them. */
const sweepsPerRun = 4096;
/** Retained states cross the link one by one. */
const statesPerRun = 256;

export interface UpCounts {
  /** Updates of each spin. */
  readonly updates: number;
  /** How many of them came up, by spin. */
  readonly ups: Float64Array;
}

/** Ups of each spin in at least `updates` updates, none of which depends on another. `temperature`: b of semantics 4.5, default 65536. */
export async function countUps(
  loaded: LoadedProbe,
  {
    updates,
    random,
    temperature,
  }: { readonly updates: number; readonly random: RandomStream; readonly temperature?: number },
): Promise<UpCounts> {
  const { readout, init } = loaded.lab.profile;
  const { spins } = loaded;
  const sums = readout.observables.includes('spin-sum');
  const most = sums ? Math.min(sweepsPerRun, countsOf(readout.counterBits)) : statesPerRun;
  const ups = new Float64Array(spins);
  let done = 0;
  while (done < updates) {
    const sweeps = Math.min(most, Math.max(1, Math.ceil((updates - done) / 16)));
    const rows = Math.min(loaded.rowsPerRun(), 64, Math.ceil((updates - done) / sweeps));
    const run: ProbeRun = {
      images: rows,
      sweeps,
      seed: random.bits64(),
      start: init.includes('random') ? 'random' : anyStart(loaded.lab.profile, { rows, spins, random }),
      ...(temperature === undefined ? {} : { temperatures: new Array<number>(sweeps).fill(temperature) }),
    };
    if (sums) {
      const found = loaded.sumsOf(await loaded.run({ ...run, observable: 'spin-sum', as: 'sums' }), rows);
      for (const [n, sum] of found.entries()) ups[n % spins] = (ups[n % spins] as number) + (sum + sweeps) / 2;
    } else if (readout.trace || readout.observables.includes('state')) {
      for (const states of await loaded.history(run)) addUps(ups, states);
    } else {
      throw new TooFewSamples('the device shows neither sums nor states of spins');
    }
    done += rows * sweeps;
  }
  return { updates: done, ups };
}

function addUps(ups: Float64Array, { values, spins }: SpinRows): void {
  for (const [n, value] of values.entries()) if (value > 0) ups[n % spins] = (ups[n % spins] as number) + 1;
}

/** The largest K with |sum| ≤ K < 2^(bits − 1). */
const countsOf = (bits: number | 'unlimited' | null): number =>
  typeof bits === 'number' ? Math.max(1, 2 ** (bits - 1) - 1) : sweepsPerRun;

/** A field as the profile's range of biases allows it. */
export function fieldWithin(
  h: number,
  { min, max }: { readonly min: number | null; readonly max: number | null },
): number {
  return Math.min(max ?? h, Math.max(min ?? h, h));
}
