/** Counts of cells against exact cell probabilities. */
import type { RandomStream } from '../random/random-stream.ts';
import { drawMultinomial } from './binomial-draws.ts';
import { logGamma } from './log-gamma.ts';

/** Exceedances after which a Monte-Carlo test has seen enough: p is above 50 / draws, far from rejection. */
const enoughExceedances = 50;
/** Share of the level that goes to the bound in closed form. */
const boundShare = 1e-3;
/** Below this the bound alone decides: no correction over hypotheses asks for less. */
const decisive = 1e-7;

/**
 * Monte-Carlo p-value of Pearson's χ² of counts under exact cell probabilities: (1 + exceedances) / (1 + draws) where the host draws counts from the
 * exact law. Nothing is asymptotic, so cells of any size are handled exactly. Two shortcuts keep the level exact:
 *
 * - draws end at the 50th exceedance, with p = 50 / draws (Besag & Clifford 1991): p-values near 1 need about a hundred draws;
 * - a deviation beyond all drawing is bounded by P(E ≥ 1/α) ≤ α of the likelihood ratio E of a Dirichlet mixture about the exact law (Lindon & Malek
 *   2022; Markov's inequality, since E has mean 1). It has a thousandth of the level: p = min(1.001 · Monte Carlo, 1000 / E). Where the bound
 *   alone gives p < 1e-7, nothing is drawn.
 *
 * @param probabilities sum to 1 within 1e-9; cells of probability 0 are allowed: a count in one gives p = 0.
 * @param draws the most draws; at least 9999. Holm's rule over m such p-values needs more than 1000·m. Default 99 999.
 */
export function multinomialP(
  counts: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  random: RandomStream,
  draws = 99_999,
): { p: number; statistic: number } {
  if (!(draws >= 9999)) throw new RangeError(`${draws} draws; at least 9999 are needed`);
  const n = assertCells(counts, probabilities);
  const statistic = pearson(counts, probabilities, n);
  if (statistic === Number.POSITIVE_INFINITY) return { p: 0, statistic };
  const cells = Array.from(probabilities)
    .filter((p) => p > 0)
    .sort((a, b) => b - a);
  if (n === 0 || cells.length === 1) return { p: 1, statistic };
  const bounded = Math.exp(-logMixtureRatio(counts, probabilities, n)) / boundShare;
  if (bounded < decisive) return { p: bounded, statistic };
  const p = monteCarlo(statistic, cells, n, random, draws) / (1 - boundShare);
  return { p: Math.min(1, p, bounded), statistic };
}

function monteCarlo(
  statistic: number,
  cells: readonly number[],
  n: number,
  random: RandomStream,
  draws: number,
): number {
  const shares = sharesOfRest(cells);
  const drawn = new Int32Array(cells.length);
  // A statistic within rounding of the observed one counts as an exceedance.
  const least = statistic * (1 - 1e-12);
  let exceedances = 0;
  for (let draw = 1; draw <= draws; draw++) {
    drawMultinomial(n, shares, random, drawn);
    if (pearson(drawn, cells, n) >= least) exceedances++;
    if (exceedances === enoughExceedances) return exceedances / draw;
  }
  return (1 + exceedances) / (1 + draws);
}

/** Each cell's probability divided by that of itself and all later cells, summed from the smallest on. */
function sharesOfRest(cells: readonly number[]): Float64Array {
  const shares = new Float64Array(cells.length);
  let rest = 0;
  for (let i = cells.length - 1; i >= 0; i--) {
    rest += cells[i] as number;
    shares[i] = (cells[i] as number) / rest;
  }
  return shares;
}

/** Σ (count − expected)² / expected; Infinity where a cell of probability 0 has a count. */
export function pearson(counts: ArrayLike<number>, probabilities: ArrayLike<number>, n: number): number {
  let sum = 0;
  for (let i = 0; i < counts.length; i++) {
    const expected = n * (probabilities[i] as number);
    const count = counts[i] as number;
    if (expected > 0) sum += (count - expected) ** 2 / expected;
    else if (count > 0) return Number.POSITIVE_INFINITY;
  }
  return sum;
}

/**
 * The mixture's weight, in counts, as a share of n. With a variance of the law's cells τ² times that of their shares, τ² = 1 / share, ln E is about
 * N·KL·τ²/(1 + τ²) − d/2 · ln(1 + τ²) for d + 1 cells: a half is best where N·KL is 1.5·d, three times its mean.
 */
const mixtureShare = 0.5;

/** ln of the likelihood of the counts under laws drawn from Dirichlet(n/2 · probabilities), divided by that under the exact law. */
export function logMixtureRatio(counts: ArrayLike<number>, probabilities: ArrayLike<number>, n: number): number {
  const weight = mixtureShare * n;
  let sum = logGamma(weight) - logGamma(weight + n);
  for (let i = 0; i < counts.length; i++) {
    const [count, p] = [counts[i] as number, probabilities[i] as number];
    if (count > 0) sum += logGamma(weight * p + count) - logGamma(weight * p) - count * Math.log(p);
  }
  return sum;
}

function assertCells(counts: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  if (counts.length !== probabilities.length || counts.length === 0) {
    throw new RangeError(`${counts.length} counts for ${probabilities.length} probabilities`);
  }
  let [n, total] = [0, 0];
  for (let i = 0; i < counts.length; i++) {
    const [count, p] = [counts[i] as number, probabilities[i] as number];
    if (!(Number.isInteger(count) && count >= 0)) throw new RangeError(`a count of ${count}`);
    if (!(p >= 0)) throw new RangeError(`a probability of ${p}`);
    n += count;
    total += p;
  }
  if (Math.abs(total - 1) > 1e-9) throw new RangeError(`probabilities that sum to ${total}`);
  return n;
}
