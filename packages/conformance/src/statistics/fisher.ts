/** Fisher's two ideas: p-values of independent tests as one, and the exact test of two shares. */
import { chiSquareTail } from './chi-square.ts';
import { logGamma } from './log-gamma.ts';

/**
 * Fisher's combination (1932) of independent p-values: −2 Σ ln p is χ² with 2k degrees where each p is uniform; conservative where they are larger. Many
 * small deviations add up in it that Holm's rule does not see. None: 1.
 */
export function fisherCombinedP(p: readonly number[]): number {
  if (p.length === 0) return 1;
  let sum = 0;
  for (const each of p) {
    if (!(each >= 0 && each <= 1)) throw new RangeError(`a p-value of ${each}`);
    sum -= 2 * Math.log(each);
  }
  return chiSquareTail(sum, 2 * p.length);
}

/**
 * Fisher's exact test: two-sided p-value of `a` successes of `n` against `b` of `m` where both have the same unknown probability; the smaller tail of
 * the hypergeometric law doubled, at most 1.
 */
export function fisherExactP(a: number, n: number, b: number, m: number): number {
  const whole = [a, n, b, m].every((each) => Number.isInteger(each) && each >= 0);
  if (!(whole && a <= n && b <= m)) throw new RangeError(`${a} of ${n} against ${b} of ${m}`);
  const total = a + b;
  const [least, most] = [Math.max(0, total - m), Math.min(n, total)];
  const logPoint = (k: number): number => logChoose(n, k) + logChoose(m, total - k) - logChoose(n + m, total);
  const ratioUp = (k: number): number => ((n - k) * (total - k)) / ((k + 1) * (m - total + k + 1));
  let [upper, term] = [1, 1];
  for (let k = a; k < most && term > 0; k++) upper += term *= ratioUp(k);
  let lower = 1;
  term = 1;
  for (let k = a; k > least && term > 0; k--) lower += term /= ratioUp(k - 1);
  return Math.min(1, 2 * Math.exp(logPoint(a)) * Math.min(upper, lower));
}

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
