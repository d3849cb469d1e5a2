/** The standard normal law. */
import { gammaUpper } from './incomplete-gamma.ts';

/** P(|Z| ≥ |z|), to 1e-12 of its value down to 1e-300. Exact level only where the statistic is normal. */
export function normalTwoSidedP(z: number): number {
  return gammaUpper(0.5, (z * z) / 2);
}

/** P(Z ≥ z), equally exact in both tails. */
export function normalUpperTail(z: number): number {
  const tail = normalTwoSidedP(z) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** z with P(Z ≤ z) = p, to 1e-13: rational start (Acklam 2003, 1e-9) and one step of Halley's method. ∓Infinity at 0 and 1. */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`no quantile of probability ${p}`);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  if (p === 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -lowerQuantile(1 - p);
  return lowerQuantile(p);
}

function lowerQuantile(p: number): number {
  let z = p < 0.02425 ? tailStart(p) : middleStart(p);
  for (let n = 0; n < 2; n++) {
    const error = (normalUpperTail(-z) - p) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2);
    z -= error / (1 + (z * error) / 2);
  }
  return z;
}

function tailStart(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  const above = polynomial(
    q,
    [
      -7.784894002430293e-3, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
      2.938163982698783,
    ],
  );
  const below = polynomial(q, [7.784695709041462e-3, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1]);
  return above / below;
}

function middleStart(p: number): number {
  const q = p - 0.5;
  const r = q * q;
  const above = polynomial(
    r,
    [
      -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
      2.506628277459239,
    ],
  );
  const below = polynomial(
    r,
    [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1],
  );
  return (q * above) / below;
}

/** Coefficients from the highest power down. */
const polynomial = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
