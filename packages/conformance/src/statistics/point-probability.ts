/** Probabilities of single outcomes by Loader's saddle-point expansion, "Fast and accurate computation of binomial probabilities" (2000). */
import { stirlingError } from './log-gamma.ts';

/** ln P(X = k) for X binomial(n, p), 0 ≤ k ≤ n integers; −Infinity where impossible. To about 1e-14 of its size, whatever n is. */
export function logBinomialPoint(k: number, n: number, p: number): number {
  const q = 1 - p;
  if (p === 0) return k === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (q === 0) return k === n ? 0 : Number.NEGATIVE_INFINITY;
  if (k === 0) return n * Math.log1p(-p);
  if (k === n) return n * Math.log(p);
  const errors = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  const deviances = deviance(k, n * p) + deviance(n - k, n * q);
  return errors - deviances - 0.5 * Math.log((2 * Math.PI * k * (n - k)) / n);
}

/** ln(m^x e^−m / Γ(x + 1)) for x ≥ 0, m > 0: ln P(X = x) for X Poisson(m) where x is an integer. */
export function logPoissonPoint(x: number, m: number): number {
  if (x === 0) return -m;
  return -stirlingError(x) - deviance(x, m) - 0.5 * Math.log(2 * Math.PI * x);
}

/** x ln(x / m) + m − x, without cancellation where x is near m; x, m > 0. */
export function deviance(x: number, m: number): number {
  const difference = x - m;
  if (Math.abs(difference) >= 0.1 * (x + m)) return x * Math.log(x / m) - difference;
  const v = difference / (x + m);
  let sum = difference * v;
  let power = 2 * x * v;
  for (let n = 1; ; n++) {
    power *= v * v;
    const next = sum + power / (2 * n + 1);
    if (next === sum) return next;
    sum = next;
  }
}
