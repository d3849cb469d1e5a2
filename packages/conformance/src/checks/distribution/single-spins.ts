/** Spins without couplings: every update is an independent trial, so that long runs that return sums alone are as good as single states. */
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { spinSums } from '../../lab/spin-sums.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import type { RandomStream } from '../../random/random-stream.ts';

/** Sweeps of a run, where the device's counters have room for them. */
const sweepsPerRun = 4096;
/** Retained states cross the link one by one. */
const statesPerRun = 256;
const rowsPerRun = 64;

export interface UpCounts {
  /** Updates of each spin. */
  readonly updates: number;
  /** How many of them came up, by spin. */
  readonly ups: Float64Array;
}

/** Ups of each spin in at least `updates` updates, none of which depends on another. `pinned`: ±1, the same for every row. */
export async function countUps(
  loaded: LoadedProbe,
  { updates, random, pinned }: { readonly updates: number; readonly random: RandomStream; readonly pinned?: Int8Array },
): Promise<UpCounts> {
  const { observables, counterBits } = loaded.lab.profile.readout;
  const { spins } = loaded;
  // |sum| ≤ K < 2^(bits − 1).
  const counted = typeof counterBits === 'number' ? Math.max(1, 2 ** (counterBits - 1) - 1) : sweepsPerRun;
  const most = observables.includes('spin-sum') ? Math.min(sweepsPerRun, counted) : statesPerRun;
  const ups = new Float64Array(spins);
  let done = 0;
  while (done < updates) {
    const sweeps = Math.min(most, Math.max(1, Math.ceil((updates - done) / 16)));
    const images = Math.min(loaded.rowsPerRun(), rowsPerRun, Math.ceil((updates - done) / sweeps));
    const sums = await spinSums(loaded, {
      images,
      sweeps,
      seed: random.bits64(),
      start: anyStart(loaded, images),
      ...(pinned === undefined
        ? {}
        : {
            pinned: Int8Array.from({ length: images * pinned.length }, (_, n) => pinned[n % pinned.length] as number),
          }),
    });
    for (const [n, sum] of sums.entries()) ups[n % spins] = (ups[n % spins] as number) + (sum + sweeps) / 2;
    done += images * sweeps;
  }
  return { updates: done, ups };
}

/** A field as the profile's range of biases allows it. */
export function fieldWithin(
  h: number,
  { min, max }: { readonly min: number | null; readonly max: number | null },
): number {
  return Math.min(max ?? h, Math.max(min ?? h, h));
}
