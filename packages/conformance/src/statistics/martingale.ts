/**
 * Residuals of updates: S = Σ g·(s − p), s = 1 where the spin came up and 0 otherwise, p its known probability given the past, g any weight that the past
 * determines. Under the law the terms are martingale differences and S has the predictable variance V = Σ g²·p·(1 − p), on any program, without
 * burn-in and without independence.
 */

import { normalUpperTail } from './normal.ts';
import { deviance } from './point-probability.ts';

/**
 * Two-sided p-value of a residual sum. Without `maxWeight`: the normal law of S / √V, right for many terms of similar weight.
 *
 * With `maxWeight` c ≥ max |g|, guarded against few or lopsided terms: both tails are taken as those of the most skewed sum with this V and jumps
 * at most c (Bennett 1962: c times a centred Poisson variable of mean λ = V / c²), by the normal tail at Poisson's deviance root r of |S| − c/2:
 * p = 2·P(Z ≥ r), r² = 2·λ·((1 + x) ln(1 + x) − x), x = (|S| − c/2) / (c·λ). This is conservative: for symmetric terms p is larger than exact by a factor of
 * about exp(z³ / (6√λ) + z / (2√λ)): at p = 1e-3, 1.08 for λ = 10⁴ and 2.0 for λ = 100.
 *
 * @throws RangeError where variance is negative or maxWeight not positive.
 */
export function residualP(sum: number, variance: number, extra?: { readonly maxWeight: number }): number {
  if (!(variance >= 0)) throw new RangeError(`a variance of ${variance}`);
  if (Number.isNaN(sum)) throw new RangeError('a sum that is not a number');
  if (variance === 0) return sum === 0 ? 1 : 0;
  if (extra === undefined) return 2 * normalUpperTail(Math.abs(sum) / Math.sqrt(variance));
  const c = extra.maxWeight;
  if (!(c > 0)) throw new RangeError(`a largest weight of ${c}`);
  const far = Math.abs(sum) - c / 2;
  if (far <= 0) return 1;
  const mean = variance / c ** 2;
  return 2 * normalUpperTail(Math.sqrt(2 * deviance(mean + far / c, mean)));
}
