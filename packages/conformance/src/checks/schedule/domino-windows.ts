/** What a driven domino shows through a window of retained samples: which sweeps they are. */
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { type SumRun, spinSums } from '../../lab/spin-sums.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Hypothesis } from '../check.ts';
import { describeFront, frontAfter } from '../dynamics/driven-domino.ts';

export interface Window {
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
}

/** K of semantics 1.7. */
export const keptOf = ({ sweeps, burnIn, stride }: Window): number => Math.floor((sweeps - burnIn) / stride);

export interface DominoWindows {
  readonly loaded: LoadedProbe;
  readonly firstColor: 0 | 1;
  /** Fewer where a run of the device has fewer. */
  readonly rows: number;
  /** Probability that anything goes against the front, over all runs: the p-value of a wrong one. */
  readonly missP: number;
  readonly random: RandomStream;
}

/** Runs from all −1: retained states where the device shows them, and sums. Each is right, p = 1, or p is that of a miss. */
export async function windowHypotheses(window: Window, o: DominoWindows): Promise<readonly Hypothesis[]> {
  const { loaded, random } = o;
  const rows = Math.min(o.rows, loaded.rowsPerRun());
  const given = new Int8Array(rows * loaded.spins).fill(-1);
  const run: SumRun = { ...window, images: rows, seed: random.bits64(), start: { given } };
  const name = `burn-in ${window.burnIn}, stride ${window.stride}, ${window.sweeps} sweeps`;
  const hypotheses = [sumsHypothesis(name, window, await spinSums(loaded, run), { ...o, rows })];
  if (loaded.lab.profile.readout.observables.includes('state')) {
    const kept = keptOf(window);
    const result = await loaded.run({ ...run, observable: 'state' });
    const states = Array.from({ length: kept }, (_, k) => loaded.statesOf(result, rows, k, kept));
    hypotheses.push(statesHypothesis(name, window, states, { ...o, rows }));
  }
  return hypotheses;
}

function sumsHypothesis(
  name: string,
  window: Window,
  sums: Int32Array,
  { loaded: { spins }, firstColor, rows, missP }: DominoWindows,
): Hypothesis {
  const expected = new Int32Array(spins);
  for (let k = 1; k <= keptOf(window); k++) {
    const front = frontAfter(window.burnIn + k * window.stride, spins, firstColor);
    for (let spin = 0; spin < spins; spin++) expected[spin] = (expected[spin] as number) + (spin < front ? 1 : -1);
  }
  const wrong = sums.findIndex((sum, n) => sum !== expected[n % spins]);
  const row = wrong < 0 ? 0 : Math.floor(wrong / spins);
  return {
    name: `${name}: sums of the retained samples`,
    p: wrong < 0 && sums.length === rows * spins ? 1 : missP,
    n: rows,
    table: [...expected].map((sum, spin) => ({
      label: `sum of spin ${spin}`,
      observed: sums[row * spins + spin] as number,
      expected: sum,
    })),
  };
}

function statesHypothesis(
  name: string,
  { burnIn, stride }: Window,
  states: readonly SpinRows[],
  { loaded: { spins }, firstColor, rows, missP }: DominoWindows,
): Hypothesis {
  const fronts = states.map((_, k) => frontAfter(burnIn + (k + 1) * stride, spins, firstColor));
  const isWrong = (values: Int8Array, row: number, front: number): boolean =>
    Array.from({ length: spins }, (_, n) => n).some((n) => values[row * spins + n] !== (n < front ? 1 : -1));
  const wrong = states.flatMap(({ values }, k) =>
    Array.from({ length: rows }, (_, row) => row)
      .filter((row) => isWrong(values, row, fronts[k] as number))
      .map((row) => ({ k, seen: describeFront(values, row * spins, spins) })),
  );
  const [first] = wrong;
  const what = first === undefined ? '' : `, sample ${first.k + 1} is ${first.seen}`;
  return {
    name: `${name}: retained states${what}`,
    p: first === undefined ? 1 : missP,
    n: rows * states.length,
    table: fronts.map((front, k) => ({
      label: `spins up in sample ${k + 1}`,
      observed: (states[k] as SpinRows).values.subarray(0, spins).reduce((sum, value) => sum + Number(value > 0), 0),
      expected: front,
    })),
  };
}
