/** The χ² law and the noncentral one, for sample sizes and for statistics whose law is asymptotic. */
import { gammaUpper } from './incomplete-gamma.ts';
import { logPoissonPoint } from './point-probability.ts';

/**
 * P(χ² ≥ x) with `degrees` degrees of freedom. The χ² law of Pearson's statistic is asymptotic and slightly liberal: tests of counts use
 * multinomialP.
 *
 * @param x 0 … Infinity.
 * @param degrees above 0.
 */
export function chiSquareTail(x: number, degrees: number): number {
  return gammaUpper(degrees / 2, x / 2);
}

/** x with P(χ² ≥ x) = `p`, 0 < p < 1, to 1e-12 of its value. */
export function chiSquareCritical(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`no critical value of probability ${p}`);
  let [low, high] = [0, degrees + 1];
  while (chiSquareTail(high, degrees) > p) high *= 2;
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (chiSquareTail(middle, degrees) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(χ'² ≥ x) with `degrees` degrees of freedom and noncentrality λ ≥ 0: the mixture of χ² laws with degrees + 2j by Poisson(λ / 2). */
export function noncentralChiSquareTail(x: number, degrees: number, noncentrality: number): number {
  const mean = noncentrality / 2;
  if (mean === 0) return chiSquareTail(x, degrees);
  // Terms beyond 12 standard deviations plus 40 weigh less than 1e-20.
  const reach = 12 * Math.sqrt(mean) + 40;
  let sum = 0;
  for (let j = Math.max(0, Math.floor(mean - reach)); j <= mean + reach; j++) {
    sum += Math.exp(logPoissonPoint(j, mean)) * chiSquareTail(x, degrees + 2 * j);
  }
  return Math.min(1, sum);
}
