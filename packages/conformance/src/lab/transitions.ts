/** Pairs of consecutive states, from whatever a device shows: each update in between then has a known conditioning set. */
import { TooFewSamples } from '../checks/check.ts';
import { randomRows } from '../checks/distribution/consecutive-states.ts';
import type { RandomStream } from '../random/random-stream.ts';
import type { LoadedProbe } from './loaded-probe.ts';
import type { SpinRows } from './probe-view.ts';
import { anyStart, uniformStart } from './uniform-start.ts';

/** States one sweep apart, row by row. */
export interface Transitions {
  /** Null where the device shows states after a sweep only: the last color's neighbours are then those of `after`. */
  readonly before: SpinRows | null;
  readonly after: SpinRows;
}

/**
 * Independent pairs, `rows` of them: from given states, uniform, one sweep on; else from a traced run's sweeps 1 and 2; else, where runs are repeatable,
 * from two runs with one seed, one a sweep longer; else states after one sweep alone. TooFewSamples where the device shows no states.
 */
export async function transitions(
  loaded: LoadedProbe,
  o: { readonly rows: number; readonly random: RandomStream; readonly pinned?: Int8Array },
): Promise<Transitions> {
  const { init, readout, determinism } = loaded.lab.profile;
  const pinned = o.pinned === undefined ? {} : { pinned: o.pinned };
  const shown = readout.observables.some((each) => each !== 'conditional-sum') || readout.trace;
  if (init.includes('given') && shown && readout.strideMin === 1) {
    const given = randomRows(o.rows, loaded.spins, o.random).values;
    const start = { given };
    const after = await loaded.snapshots({ ...pinned, rows: o.rows, random: o.random, sweeps: 1, start });
    return { before: { rows: o.rows, spins: loaded.spins, values: given }, after };
  }
  if (!shown) throw new TooFewSamples('the device shows no states');
  const stride = readout.strideMin;
  const consecutive =
    readout.trace || (stride === 1 && (readout.observables.includes('state') || determinism !== 'statistical'));
  if (!consecutive) {
    const start = uniformStart(loaded, o.rows, o.random);
    const after = await loaded.snapshots({ ...pinned, rows: o.rows, random: o.random, sweeps: stride, stride, start });
    return { before: null, after };
  }
  const parts: (readonly [SpinRows, SpinRows])[] = [];
  for (let first = 0; first < o.rows; first += loaded.rowsPerRun()) {
    const rows = Math.min(loaded.rowsPerRun(), o.rows - first);
    const slice =
      o.pinned === undefined
        ? {}
        : { pinned: o.pinned.slice(first * loaded.probe.pinned, (first + rows) * loaded.probe.pinned) };
    const run = { ...slice, images: rows, seed: o.random.bits64(), start: anyStart(loaded, rows) };
    if (readout.trace || readout.observables.includes('state')) {
      const [before, after] = await loaded.history({ ...run, sweeps: 2 });
      parts.push([before as SpinRows, after as SpinRows]);
    } else {
      const before = await loaded.lastStates({ ...run, sweeps: 1 });
      parts.push([before, await loaded.lastStates({ ...run, sweeps: 2 })]);
    }
  }
  return { before: joined(loaded, parts, 0), after: joined(loaded, parts, 1) };
}

function joined({ spins }: LoadedProbe, parts: readonly (readonly [SpinRows, SpinRows])[], which: 0 | 1): SpinRows {
  const rows = parts.reduce((sum, pair) => sum + pair[which].rows, 0);
  const values = new Int8Array(rows * spins);
  let at = 0;
  for (const pair of parts) {
    values.set(pair[which].values, at);
    at += pair[which].values.length;
  }
  return { rows, spins, values };
}
