/** Spins without couplings: every update is an independent trial, so that long runs that return sums alone are as good as single states. */
import type { Lab } from '../../lab/lab.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { spinSums } from '../../lab/spin-sums.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import { transferProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { spinsWithin } from './probe-size.ts';
import { UpdateTable } from './update-table.ts';

/** Retained sweeps of a run, where the device's counters have room for them. */
const samplesPerRun = 4096;
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
  const { observables, counterBits, strideMin: stride } = loaded.lab.profile.readout;
  const { spins } = loaded;
  // |sum| ≤ K < 2^(bits − 1).
  const counted = typeof counterBits === 'number' ? Math.max(1, 2 ** (counterBits - 1) - 1) : samplesPerRun;
  const most = observables.includes('spin-sum') ? Math.min(samplesPerRun, counted) : statesPerRun;
  const ups = new Float64Array(spins);
  let done = 0;
  while (done < updates) {
    const kept = Math.min(most, Math.max(1, Math.ceil((updates - done) / 16)));
    const images = Math.min(loaded.rowsPerRun(), rowsPerRun, Math.ceil((updates - done) / kept));
    const sums = await spinSums(loaded, {
      images,
      sweeps: kept * stride,
      stride,
      seed: random.bits64(),
      start: anyStart(loaded, images),
      ...(pinned === undefined
        ? {}
        : {
            pinned: Int8Array.from({ length: images * pinned.length }, (_, n) => pinned[n % pinned.length] as number),
          }),
    });
    for (const [n, sum] of sums.entries()) ups[n % spins] = (ups[n % spins] as number) + (sum + kept) / 2;
    done += images * kept;
  }
  return { updates: done, ups };
}

export interface FieldTrials {
  /** As asked for, in units of k_B·T. */
  readonly h: number;
  /** Exact P(+1), and β f. */
  readonly p: number;
  readonly f: number;
  readonly ups: number;
  readonly updates: number;
}

/** Updates of a spin in each of these fields, in as many loads as the device's spins ask for. */
export async function fieldTrials(
  lab: Lab,
  fields: readonly number[],
  { updates, random }: { readonly updates: number; readonly random: RandomStream },
): Promise<readonly FieldTrials[]> {
  const most = spinsWithin(lab.profile, fields.length);
  const trials: FieldTrials[] = [];
  for (let first = 0; first < fields.length; first += most) {
    const some = fields.slice(first, first + most);
    const stream = random.fork(`load ${first}`);
    const loaded = await lab.loadProbe(transferProbe(some), stream);
    const counts = await countUps(loaded, { updates, random: stream.fork('runs') });
    const table = new UpdateTable(loaded);
    await lab.unload(loaded.loaded);
    for (const [spin, h] of some.entries()) {
      const cell = table.first[spin] as number;
      trials.push({
        h,
        p: table.p[cell] as number,
        f: table.field[cell] as number,
        ups: counts.ups[spin] as number,
        updates: counts.updates,
      });
    }
  }
  return trials;
}

/** A field as the profile's range of biases allows it. */
export function fieldWithin(
  h: number,
  { min, max }: { readonly min: number | null; readonly max: number | null },
): number {
  return Math.min(max ?? h, Math.max(min ?? h, h));
}
