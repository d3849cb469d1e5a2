/** Naming suspects: which faults would explain what was seen, once it is clear that the exact law does not. */
import { holmAdjusted } from '../../statistics/holm.ts';
import { stageLevel } from '../../statistics/power.ts';
import type { Hypothesis } from '../check.ts';

export type Suspect = readonly [fault: string, weight: number];

const suspectsShown = 5;
/** Faults whose share of the posterior is below this are not worth a line. */
const shareMin = 0.01;

/**
 * Posterior of faults from the log-likelihoods of their variants relative to the exact law, which has the same prior as each fault; variants share the prior of
 * their fault. Most likely first; none where nothing explains the data better than the exact law does. Weights sum to at most 1.
 */
export function suspectsOf(gains: Iterable<readonly [fault: string, gain: number]>): readonly Suspect[] {
  const byFault = new Map<string, number[]>();
  for (const [fault, gain] of gains) byFault.set(fault, [...(byFault.get(fault) ?? []), gain]);
  const scores = [...byFault]
    .map(([fault, list]) => ({ fault, score: logSumExp(list) - Math.log(list.length) }))
    .filter(({ score }) => score > 0);
  const total = logSumExp([0, ...scores.map(({ score }) => score)]);
  return scores
    .map(({ fault, score }): Suspect => [fault, Math.exp(score - total)])
    .filter(([, weight]) => weight >= shareMin)
    .sort(([, a], [, b]) => b - a)
    .slice(0, suspectsShown);
}

/** Hypotheses that Holm's rule rejects get the suspects; `find` is called only if there are any. */
export function withSuspects(hypotheses: readonly Hypothesis[], find: () => readonly Suspect[]): readonly Hypothesis[] {
  const adjusted = holmAdjusted(hypotheses.map(({ p }) => p));
  if (adjusted.every((p) => p > stageLevel)) return hypotheses;
  const suspects = find();
  if (suspects.length === 0) return hypotheses;
  return hypotheses.map((each, n) => ((adjusted[n] as number) <= stageLevel ? { ...each, suspects } : each));
}

/**
 * ln of p^k (1 − p)^(n − k), or of one cell's share of a multinomial likelihood. p is kept 1e-6 away from 0 and 1, so that no alternative is ruled out by a
 * single event.
 */
export function binomialLog(k: number, n: number, p: number): number {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return k * Math.log(inside) + (n - k) * Math.log1p(-inside);
}

function logSumExp(values: readonly number[]): number {
  const most = Math.max(...values);
  return most + Math.log(values.reduce((sum, value) => sum + Math.exp(value - most), 0));
}
