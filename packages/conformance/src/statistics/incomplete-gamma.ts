/** The regularised incomplete gamma functions, by series and continued fraction. */
import { logPoissonPoint } from './point-probability.ts';

/** Q(a, x) = Γ(a, x) / Γ(a) for a > 0, x ≥ 0: to 1e-12 of its value down to 1e-300. */
export function gammaUpper(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) throw new RangeError(`Q(${a}, ${x})`);
  if (x === 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  return x < a + 1 ? 1 - series(a, x) : fraction(a, x);
}

/** P(a, x) = 1 − Q(a, x). */
export function gammaLower(a: number, x: number): number {
  if (!(a > 0 && x >= 0)) throw new RangeError(`P(${a}, ${x})`);
  if (x === 0) return 0;
  if (x === Number.POSITIVE_INFINITY) return 1;
  return x < a + 1 ? series(a, x) : 1 - fraction(a, x);
}

/** P(a, x) = x^a e^−x / Γ(a + 1) · Σ x^n / ((a + 1) … (a + n)). */
function series(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return Math.exp(logPoissonPoint(a, x)) * sum;
}

/** Q(a, x) = x^a e^−x / Γ(a) · 1 / (x + 1 − a − 1·(1 − a) / (x + 3 − a − …)), by Lentz's method (Thompson & Barnett 1986). */
function fraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let h = d;
  for (let n = 1; ; n++) {
    const numerator = -n * (n - a);
    b += 2;
    d = numerator * d + b;
    if (Math.abs(d) < tiny) d = tiny;
    c = b + numerator / c;
    if (Math.abs(c) < tiny) c = tiny;
    d = 1 / d;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return Math.exp(logPoissonPoint(a, x) + Math.log(a) + Math.log(h));
}
