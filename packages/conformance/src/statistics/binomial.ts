/** Exact binomial tests and intervals: tails are summed term by term from the observed count outwards, nothing is asymptotic. */
import { logBinomialPoint } from './point-probability.ts';

/** P(X ≥ k) for X binomial(n, p); to 1e-10 of its value down to 1e-300. */
export function binomialUpperTail(k: number, n: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  return k > n * p ? sumUp(k, n, p) : 1 - sumUp(n - k + 1, n, 1 - p);
}

/** P(X ≤ k) for X binomial(n, p). */
export function binomialLowerTail(k: number, n: number, p: number): number {
  return binomialUpperTail(n - k, n, 1 - p);
}

/**
 * Two-sided p-value of `successes` of `n` independent trials of probability `p`: the smaller tail doubled, at most 1. Never above its nominal level,
 * below it where counts are few.
 *
 * @throws RangeError where successes, n or p is outside its range.
 */
export function binomialTwoSidedP(successes: number, n: number, p: number): number {
  assertCounts(successes, n);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability of ${p}`);
  return Math.min(1, 2 * Math.min(binomialUpperTail(successes, n, p), binomialLowerTail(successes, n, p)));
}

/**
 * The largest two-sided p-value over probabilities in [low, high]: the null hypothesis is that the device is somewhere inside its band. Inside the
 * band it is 1, since the median of binomial(n, k / n) is k; outside, the nearer end has the largest.
 */
export function binomialBandP(successes: number, n: number, low: number, high: number): number {
  assertCounts(successes, n);
  if (!(low <= high)) throw new RangeError(`a band from ${low} to ${high}`);
  const [from, to] = [Math.max(0, low), Math.min(1, high)];
  if (successes < from * n) return binomialTwoSidedP(successes, n, from);
  if (successes > to * n) return binomialTwoSidedP(successes, n, to);
  return 1;
}

/** Clopper & Pearson's interval of a probability: it covers with at least `confidence`, whatever the probability is. Ends to 1e-12. */
export function clopperPearson(successes: number, n: number, confidence: number): { low: number; high: number } {
  assertCounts(successes, n);
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence of ${confidence}`);
  if (n === 0) return { low: 0, high: 1 };
  const tail = (1 - confidence) / 2;
  return {
    low: successes === 0 ? 0 : risingRoot((p) => binomialUpperTail(successes, n, p) - tail),
    high: successes === n ? 1 : 1 - risingRoot((q) => binomialUpperTail(n - successes, n, q) - tail),
  };
}

/** The root in 0 … 1 of a function that rises. */
function risingRoot(f: (p: number) => number): number {
  let [low, high] = [0, 1];
  while (high - low > 1e-13 * high) {
    const middle = (low + high) / 2;
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(X ≥ k) where k is above the mean: terms fall from the first on. */
function sumUp(k: number, n: number, p: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  const odds = p / (1 - p);
  let term = 1;
  let sum = 1;
  for (let j = k; j < n && term > sum * 1e-17; j++) {
    term *= ((n - j) / (j + 1)) * odds;
    sum += term;
  }
  return Math.min(1, Math.exp(logBinomialPoint(k, n, p)) * sum);
}

function assertCounts(successes: number, n: number): void {
  if (!(Number.isInteger(n) && Number.isInteger(successes) && successes >= 0 && successes <= n)) {
    throw new RangeError(`${successes} successes of ${n}`);
  }
}
