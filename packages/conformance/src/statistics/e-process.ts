/**
 * Evidence that may be looked at any time. An e-process is at least 0 and has mean at most 1 at any stopping time under the null hypothesis, so that it ever
 * reaches 1/α with probability at most α (Ville 1939). Values are natural logarithms: they grow with the samples.
 */
import { logGamma } from './log-gamma.ts';

/** The natural logarithm of the evidence at which a certificate rejects: 1e6, so 1e-6 at any stopping time. */
export const rejectionLog = Math.log(1e6);

/**
 * Counts of independent draws against exact cell probabilities π: the likelihood ratio of a Dirichlet(concentration·π) mixture to π (Lindon & Malek 2022).
 * Cheap for gross faults, costly for fine ones: the larger the concentration, the finer the fault that it looks for.
 *
 * @returns −Infinity never, Infinity where a cell of probability 0 has a count.
 */
export function dirichletLog(
  counts: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  concentration = 1000,
): number {
  if (counts.length !== probabilities.length) throw new RangeError('a count for every probability');
  let n = 0;
  let log = 0;
  for (let i = 0; i < counts.length; i++) {
    const [count, p] = [counts[i] as number, probabilities[i] as number];
    if (count === 0) continue;
    if (p === 0) return Number.POSITIVE_INFINITY;
    n += count;
    log += logGamma(concentration * p + count) - logGamma(concentration * p) - count * Math.log(p);
  }
  return n === 0 ? 0 : log - (logGamma(concentration + n) - logGamma(concentration));
}

/**
 * A residual sum S (martingale.ts) with variance proxy W: the normal mixture √(ρ / (W + ρ)) · exp(S² / (2(W + ρ))) (Robbins 1970; Howard et al. 2021). An
 * e-process where E[exp(λ·term)] ≤ exp(λ²·proxy/2) for every term: sum g²·bernoulliProxy(p), not the variance.
 *
 * @param scale ρ > 0: the W at which it is sharpest, about.
 */
export function normalMixtureLog(sum: number, proxy: number, scale: number): number {
  if (!(proxy >= 0 && scale > 0)) throw new RangeError(`a proxy of ${proxy} and a scale of ${scale}`);
  return 0.5 * Math.log(scale / (proxy + scale)) + sum ** 2 / (2 * (proxy + scale));
}

/**
 * The smallest v with E[exp(λ(s − p))] ≤ exp(λ²v/2) for all λ, s Bernoulli(p): (1 − 2p) / (2 ln((1 − p)/p)) (Kearns & Saul 1998); ¼ at p = ½, 0 at 0
 * and 1.
 */
export function bernoulliProxy(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability of ${p}`);
  if (p === 0 || p === 1) return 0;
  const tilt = 1 - 2 * p;
  // ln((1 − p)/p) = 2 artanh(tilt); near ½ the quotient is its series.
  if (Math.abs(tilt) < 1e-4) return 0.25 * (1 - tilt ** 2 / 3);
  return tilt / (4 * Math.atanh(tilt));
}

/** p-value at any stopping time: 1 / (the largest evidence so far), at most 1. */
export const anytimeP = (largestLog: number): number => Math.min(1, Math.exp(-largestLog));
