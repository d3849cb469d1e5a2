/** Counts of small probes against exact laws. */
import type { LoadedProbe } from '../lab/loaded-probe.ts';
import type { SpinRows } from '../lab/probe-view.ts';
import { uniformStart } from '../lab/uniform-start.ts';
import { lawAfter, uniformLaw } from '../oracle/exact-law.ts';
import type { RandomStream } from '../random/random-stream.ts';
import { multinomialP } from '../statistics/multinomial.ts';
import type { Hypothesis } from './check.ts';

/** Counts of labelled cells against their exact probabilities, by Monte Carlo. */
export function cellsHypothesis(
  name: string,
  cells: readonly { readonly label: string; readonly count: number; readonly probability: number }[],
  random: RandomStream,
): Hypothesis {
  const counts = cells.map(({ count }) => count);
  const n = counts.reduce((sum, count) => sum + count, 0);
  const { p } = multinomialP(
    counts,
    cells.map(({ probability }) => probability),
    random,
  );
  const table = cells.map(({ label, count, probability }) => ({ label, observed: count, expected: n * probability }));
  return { name, p, n, table };
}

/** States after `sweeps` sweeps, at least one stride, from uniform ones, `rows` of them. */
export function uniformSnapshots(
  loaded: LoadedProbe,
  o: { readonly rows: number; readonly sweeps: number; readonly random: RandomStream; readonly pinned?: Int8Array },
): Promise<SpinRows> {
  const { strideMin } = loaded.lab.profile.readout;
  return loaded.snapshots({ ...o, stride: strideMin, start: uniformStart(loaded, o.rows, o.random) });
}

/** The law of such states. */
export const lawOfSnapshots = (loaded: LoadedProbe, sweeps: number, pinned?: ArrayLike<number>): Float64Array =>
  lawAfter(uniformLaw(loaded.spins), loaded.law(pinned), sweeps);
