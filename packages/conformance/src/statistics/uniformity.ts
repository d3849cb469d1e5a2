/** Whether p-values are uniform. */
import { binomialUpperTail } from './binomial.ts';
import { logBinomialPoint } from './point-probability.ts';

/**
 * Kolmogorov and Smirnov's test that independent values are uniform on 0 … 1: D = sup |F_n(x) − x|, two-sided.
 *
 * The one-sided tail is exact for any n (Smirnov 1944: P(D⁺ ≥ d) = d Σ_j C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j), all terms positive); p is twice
 * that, at most 1. It counts the event of both deviations twice: never below the exact p, and above it by at most p⁴ / 8 of itself (relative), 1e-6 at
 * p = 0.05. Values that are discrete make it conservative; dependent ones make it meaningless.
 */
export function uniformityP(values: readonly number[]): { p: number; distance: number } {
  const n = values.length;
  if (n === 0) throw new RangeError('no values');
  const sorted = values.toSorted((a, b) => a - b);
  if (!((sorted[0] as number) >= 0 && (sorted[n - 1] as number) <= 1)) throw new RangeError('a value outside 0 … 1');
  let distance = 0;
  for (const [index, value] of sorted.entries()) {
    distance = Math.max(distance, (index + 1) / n - value, value - index / n);
  }
  return { p: Math.min(1, 2 * smirnovTail(n, distance)), distance };
}

/** P(D⁺ ≥ d) for n values. */
export function smirnovTail(n: number, d: number): number {
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  let sum = 0;
  for (let j = 0; j <= n * (1 - d); j++) {
    const at = d + j / n;
    if (at <= 1) sum += Math.exp(logBinomialPoint(j, n, at)) / at;
  }
  return Math.min(1, d * sum);
}

/** One-sided p-value of the hypothesis that at most the share `level` of such p-values is at or below `level`: the test of null p-values. */
export function levelP(values: readonly number[], level: number): number {
  const below = values.filter((value) => value <= level).length;
  return binomialUpperTail(below, values.length, level);
}
