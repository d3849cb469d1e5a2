/** States of the same rows sweep after sweep, by every way in which a device shows them. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { LoadedProbe, ProbeRun } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { anyStart, uniformStart } from '../../lab/uniform-start.ts';
import type { RandomStream } from '../../random/random-stream.ts';

/**
 * `trace`: one traced run. `state`: one run that retains every state. `one-sweep`: a run of one sweep from each state, given back. `snapshot`: states
 * after one sweep from a random start, which show the neighbours of the last color only.
 */
export type Way = 'trace' | 'state' | 'one-sweep' | 'snapshot';

/** The ways of a device; `snapshot` only where there is no other. */
export function waysOf({ readout, init }: DeviceProfile): readonly Way[] {
  const states = readout.observables.includes('state') || readout.observables.includes('spin-sum') || readout.trace;
  // What is read out of runs, rather than traced, is at least a stride apart.
  const everySweep = readout.strideMin === 1;
  const ways: readonly Way[] = [
    ...(readout.trace ? ['trace' as const] : []),
    ...(readout.observables.includes('state') && everySweep ? ['state' as const] : []),
    ...(init.includes('given') && states && everySweep ? ['one-sweep' as const] : []),
  ];
  return ways.length > 0 || !states ? ways : ['snapshot'];
}

/** Whether the states of one run are shown sweep by sweep. What is read out of runs, rather than traced, is at least a stride apart. */
export function showsEverySweep({ readout }: DeviceProfile): boolean {
  return readout.trace || (readout.observables.includes('state') && readout.strideMin === 1);
}

/** Chains of a run with this many rows: 4 where the device has several chains, else 1. `rows` is a multiple of 4. */
function chainsFor({ batch }: DeviceProfile, rows: number): number {
  const most = batch.chainsMax === 'unlimited' ? 4 : (batch.chainsMax ?? 1);
  return most >= 4 && rows % 4 === 0 ? 4 : 1;
}

/**
 * Histories of `updates` updates or a little more. Runs have up to 16 rows and 256 sweeps where the device shows consecutive states of a run; by
 * `one-sweep`, 4 sweeps of as many rows as the device takes.
 */
export async function* consecutiveStates(
  loaded: LoadedProbe,
  way: Exclude<Way, 'snapshot'>,
  { updates, random }: { readonly updates: number; readonly random: RandomStream },
): AsyncGenerator<readonly SpinRows[]> {
  const { spins } = loaded;
  const longRuns = way !== 'one-sweep';
  const rowsMax = Math.min(loaded.rowsPerRun(), longRuns ? 16 : 1024);
  for (let left = Math.ceil(updates / spins); left > 0; ) {
    const wanted = Math.min(longRuns ? 256 : 4, Math.max(1, Math.ceil(left / rowsMax)));
    const sweeps = Math.max(wanted, loaded.lab.profile.readout.strideMin);
    const rows = Math.min(rowsMax, Math.ceil(left / sweeps));
    yield longRuns
      ? await history(loaded, way, { rows, sweeps, random })
      : await stepByStep(loaded, { rows, sweeps, random });
    left -= rows * sweeps;
  }
}

/** One run; a given start is the first state where the device takes one. */
async function history(
  loaded: LoadedProbe,
  way: 'trace' | 'state',
  { rows, sweeps, random }: { readonly rows: number; readonly sweeps: number; readonly random: RandomStream },
): Promise<readonly SpinRows[]> {
  const { profile } = loaded.lab;
  const chains = chainsFor(profile, rows);
  const given = profile.init.includes('given');
  const start = given ? randomRows(rows, loaded.spins, random) : undefined;
  const run = {
    images: rows / chains,
    chains,
    sweeps: given ? sweeps : sweeps + 1,
    seed: random.bits64(),
    start: start === undefined ? anyStart(loaded, rows) : { given: start.values },
  };
  const states: SpinRows[] = start === undefined ? [] : [start];
  if (way === 'trace') {
    const traced = await loaded.history(run);
    if (traced.length !== run.sweeps) throw new Error(`a trace of ${run.sweeps} sweeps shows ${traced.length}`);
    return [...states, ...traced];
  }
  const result = await loaded.run({ ...run, observable: 'state' });
  for (let k = 0; k < run.sweeps; k++) states.push(loaded.statesOf(result, rows, k, run.sweeps));
  return states;
}

async function stepByStep(
  loaded: LoadedProbe,
  { rows, sweeps, random }: { readonly rows: number; readonly sweeps: number; readonly random: RandomStream },
): Promise<readonly SpinRows[]> {
  const states = [randomRows(rows, loaded.spins, random)];
  const seed = random.bits64();
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const given = states[sweep]?.values as Int8Array;
    states.push(await loaded.lastStates({ images: rows, sweeps: 1, sweepOffset: sweep, seed, start: { given } }));
  }
  return states;
}

/** Fair coins where the device takes them, by itself or given; else its feed-forward start. */
export function variedStart(loaded: LoadedProbe, rows: number, random: RandomStream): NonNullable<ProbeRun['start']> {
  const { init } = loaded.lab.profile;
  return init.includes('random') || init.includes('given') ? uniformStart(loaded, rows, random) : 'feed-forward';
}

/** Fair coins of the host. */
export function randomRows(rows: number, spins: number, random: RandomStream): SpinRows {
  const values = new Int8Array(rows * spins);
  for (let n = 0; n < values.length; n += 32) {
    const word = random.word();
    for (let bit = 0; bit < 32 && n + bit < values.length; bit++) values[n + bit] = (word >>> bit) & 1 ? 1 : -1;
  }
  return { rows, spins, values };
}
