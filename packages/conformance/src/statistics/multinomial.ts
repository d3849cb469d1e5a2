/** Counts of cells against exact cell probabilities. */
import type { RandomStream } from '../random/random-stream.ts';
import { drawMultinomial } from './binomial-draws.ts';

/** Exceedances after which a Monte-Carlo test has seen enough: p is above 50 / draws, far from rejection. */
const enoughExceedances = 50;
/** Share of the level that goes to the bound in closed form. */
const boundShare = 1e-3;

/**
 * Monte-Carlo p-value of Pearson's χ² of counts under exact cell probabilities: (1 + exceedances) / (1 + draws) where the host draws counts from the
 * exact law. Nothing is asymptotic, so cells of any size are handled exactly. Two shortcuts keep the level exact:
 *
 * - draws end at the 50th exceedance, with p = 50 / draws (Besag & Clifford 1991): p-values near 1 need about a hundred draws;
 * - a deviation beyond all drawing is bounded by P(N·KL ≥ x) ≤ (e·x / d)^d e^−x, x > d = cells − 1 (Agrawal 2020, theorem I.2). It has a thousandth of
 *   the level: p = min(1.001 · Monte Carlo, 1000 · bound). Where the bound alone gives p < 1e-9, nothing is drawn.
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
  const bounded = entropyBound(counts, probabilities, n, cells.length - 1) / boundShare;
  if (bounded < 1e-9) return { p: bounded, statistic };
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

/** Agrawal's bound of P(N·KL(observed ‖ law) ≥ what is observed); 1 where it says nothing. */
function entropyBound(counts: ArrayLike<number>, probabilities: ArrayLike<number>, n: number, degrees: number): number {
  let x = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i] as number;
    if (count > 0) x += count * Math.log(count / (n * (probabilities[i] as number)));
  }
  return x <= degrees ? 1 : Math.exp(degrees * (1 + Math.log(x / degrees)) - x);
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
