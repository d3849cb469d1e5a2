/** States of small probes against the exact law of all their 2^n states. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { ProbeLaw } from '../../lab/probe-law.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { lawAfter, patternOf, pointLaw, totalVariation } from '../../oracle/exact-law.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { meanEffect } from '../../statistics/effect.ts';
import { multinomialP } from '../../statistics/multinomial.ts';
import type { Hypothesis } from '../check.ts';

/** Enough for Holm's rule over 40 hypotheses. */
const drawsMax = 49_999;
/** Tables of reports have so many states, the most deviant first. */
const statesShown = 16;

/** How often each state occurs; bit i of an index: spin i is up. */
export function stateCounts(states: SpinRows): Float64Array {
  const counts = new Float64Array(2 ** states.spins);
  for (let row = 0; row < states.rows; row++) {
    const pattern = patternOf(states.values, states.spins, row * states.spins);
    counts[pattern] = (counts[pattern] as number) + 1;
  }
  return counts;
}

/** The states are independent draws from `law`: Monte-Carlo p of χ² over all states. */
export function stateLawHypothesis(
  name: string,
  states: SpinRows,
  { law, random }: { readonly law: Float64Array; readonly random: RandomStream },
): Hypothesis {
  const counts = stateCounts(states);
  const n = states.rows;
  const { p, statistic } = multinomialP(counts, law, random, drawsMax);
  const degrees = law.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0) - 1;
  // χ² − d estimates n·Λ with variance 2d + 4nΛ, where Λ = Σ (q − p)² / p is the noncentrality per sample of a law q.
  const excess = statistic - degrees;
  const effect = {
    name: 'noncentrality per sample',
    unit: 'χ²/n',
    mean: excess / n,
    standardError: Math.sqrt(2 * degrees + 4 * Math.max(0, excess)) / n,
  };
  const pull = (state: number): number =>
    Math.abs((counts[state] as number) - n * (law[state] as number)) / Math.sqrt(n * (law[state] as number) + 1);
  const shown = [...counts.keys()].sort((a, b) => pull(b) - pull(a)).slice(0, statesShown);
  return {
    name,
    p,
    n,
    ...(Number.isFinite(statistic) ? { effect: meanEffect(effect) } : {}),
    table: shown.map((state) => ({
      label: stateLabel(state, states.spins),
      observed: counts[state] as number,
      expected: n * (law[state] as number),
    })),
  };
}

/** + and − of spin 0, spin 1, … */
export const stateLabel = (state: number, spins: number): string =>
  Array.from({ length: spins }, (_, spin) => ((state >>> spin) & 1 ? '+' : '−')).join('');

/** In total variation; a test of n states sees distances of about 1 / √n. */
const settledWithin = 1e-6;
const settledSweepsMax = 20_000;
/** Machines in continuous time update spins at random times: to be as settled as by sweeps, they get this many times as long. */
const asynchronousFactor = 4;

/**
 * Sweeps after which the law is within 1e-6 of `stationary` in total variation, from all spins up and from all down. Throws RangeError above 20 000.
 */
export function settledSweeps(
  law: ProbeLaw,
  stationary: Float64Array,
  { dynamics, b = 65536 }: { readonly dynamics: DeviceProfile['dynamics']; readonly b?: number },
): number {
  let laws = [0, stationary.length - 1].map((state) => pointLaw(law.spins, state));
  for (let done = 0, step = 1; done < settledSweepsMax; step = Math.max(1, Math.floor(done / 4))) {
    done += step;
    const temperatures = new Array<number>(step).fill(b);
    laws = laws.map((start) => lawAfter(start, law, step, temperatures));
    if (laws.every((each) => totalVariation(each, stationary) < settledWithin)) {
      return dynamics.kind === 'asynchronous' ? asynchronousFactor * done : done;
    }
  }
  throw new RangeError(`the probe does not settle within ${settledSweepsMax} sweeps`);
}
