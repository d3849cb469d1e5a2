/** Exact draws of binomial and multinomial counts. */
import type { RandomStream } from '../random/random-stream.ts';
import { logBinomialPoint } from './point-probability.ts';

/** A binomial(n, p) count: by inversion where n·min(p, q) < 10, by transformed rejection (Hörmann 1993, BTRD's hat) otherwise. */
export function drawBinomial(n: number, p: number, random: RandomStream): number {
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random);
  if (n === 0 || p <= 0) return 0;
  return n * p < 10 ? byInversion(n, p, random) : byRejection(n, p, random);
}

function byInversion(n: number, p: number, random: RandomStream): number {
  const odds = p / (1 - p);
  let u = random.uniform();
  let probability = Math.exp(n * Math.log1p(-p));
  let k = 0;
  while (u >= probability && k < n) {
    u -= probability;
    probability *= ((n - k) / (k + 1)) * odds;
    k++;
  }
  return k;
}

function byRejection(n: number, p: number, random: RandomStream): number {
  const spread = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const center = n * p + 0.5;
  const alpha = (2.83 + 5.1 / b) * spread;
  const accepted = 0.92 - 4.2 / b;
  const mode = Math.floor((n + 1) * p);
  let logMode: number | undefined;
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + center);
    if (us >= 0.07 && v <= accepted) return k;
    if (k < 0 || k > n || us === 0) continue;
    logMode ??= logBinomialPoint(mode, n, p);
    const bound = Math.log((v * alpha) / (a / (us * us) + b));
    if (bound <= logBinomialPoint(k, n, p) - logMode) return k;
  }
}

/** Counts of `n` draws of cells, drawn cell by cell given the rest; `shares[i]` is cell i's probability divided by that of cells i and later. */
export function drawMultinomial(n: number, shares: Float64Array, random: RandomStream, out: Int32Array): void {
  let left = n;
  for (let i = 0; i < shares.length; i++) {
    const count = left === 0 ? 0 : drawBinomial(left, shares[i] as number, random);
    out[i] = count;
    left -= count;
  }
}
