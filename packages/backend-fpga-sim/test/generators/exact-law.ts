/** What independent draws would give: stationary means of a chain over few states, and how far time averages stray from them. */
import { bankSize, bankThresholds, type SmallBlock, stateCount } from './small-block.ts';

/** Mean of every parity of a bank's spins. */
export interface BankLaw {
  /** Entry m: mean of the product of the spins whose bits are set in m. */
  readonly means: Float64Array;
  /** Entry m: N times the variance of the average of that product over N sweeps, for large N. */
  readonly variances: Float64Array;
}

/** The product, ±1, of the spins of `state` whose bits are set in `mask`; state bit 1 is spin +1. */
export function parity(state: number, mask: number): 1 | -1 {
  let bits = ~state & mask;
  let sign: 1 | -1 = 1;
  for (; bits !== 0; bits &= bits - 1) sign = sign === 1 ? -1 : 1;
  return sign;
}

/** Probability of each state of a bank (columns) for each state of the other (rows), after an update of the whole bank. */
function updateMatrix(thresholds: Int32Array): Float64Array[] {
  return Array.from({ length: stateCount }, (_, from) =>
    Float64Array.from({ length: stateCount }, (_, to) => {
      let probability = 1;
      for (let spin = 0; spin < bankSize; spin++) {
        const up = (thresholds[from * bankSize + spin] as number) / 65536;
        probability *= (to >>> spin) & 1 ? up : 1 - up;
      }
      return probability;
    }),
  );
}

const product = (a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] =>
  a.map((row) => {
    const sum = new Float64Array(stateCount);
    row.forEach((factor, k) => {
      const other = b[k] as Float64Array;
      for (let n = 0; n < sum.length; n++) sum[n] = (sum[n] as number) + factor * (other[n] as number);
    });
    return sum;
  });

/** x of matrix · x = each column of `right`, by elimination with pivots. Both are overwritten. */
function solve(matrix: Float64Array[], right: Float64Array[]): Float64Array[] {
  const size = matrix.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++) {
      if (Math.abs(at(matrix, row, column)) > Math.abs(at(matrix, pivot, column))) pivot = row;
    }
    for (const rows of [matrix, right]) {
      [rows[column], rows[pivot]] = [rows[pivot] as Float64Array, rows[column] as Float64Array];
    }
    for (let row = 0; row < size; row++) {
      const factor = row === column ? 0 : at(matrix, row, column) / at(matrix, column, column);
      if (factor === 0) continue;
      for (const rows of [matrix, right]) {
        const [to, from] = [rows[row] as Float64Array, rows[column] as Float64Array];
        for (let n = 0; n < to.length; n++) to[n] = (to[n] as number) - factor * (from[n] as number);
      }
    }
  }
  return right.map((row, n) => row.map((value) => value / at(matrix, n, n)));
}

const at = (matrix: readonly Float64Array[], row: number, column: number): number => matrix[row]?.[column] as number;

/**
 * The law of a chain over states from its transition matrix P. With π = πP and Z = (I − P + 1π)⁻¹, a function f of mean μ has
 * N · var(average) → 2 π·(f̃ Z f̃) − π·f̃², f̃ = f − μ (Kemeny and Snell, Finite Markov Chains, 4.6).
 */
function chainLaw(transitions: readonly Float64Array[]): BankLaw {
  let power = transitions;
  // P^(2^20): what is left of the start is below rounding for every block of this size that mixes at all.
  for (let n = 0; n < 20; n++) power = product(power, power);
  const stationary = power[0] as Float64Array;
  const total = stationary.reduce((sum, each) => sum + each, 0);
  const pi = stationary.map((each) => each / total);
  const means = Float64Array.from({ length: stateCount }, (_, mask) =>
    pi.reduce((sum, probability, state) => sum + probability * parity(state, mask), 0),
  );
  const centred = Array.from({ length: stateCount }, (_, state) =>
    means.map((mean, mask) => parity(state, mask) - mean),
  );
  const fundamental = transitions.map((row, from) =>
    row.map((probability, to) => (from === to ? 1 : 0) - probability + (pi[to] as number)),
  );
  const solved = solve(
    fundamental,
    centred.map((row) => row.slice()),
  );
  const variances = means.map((_, mask) =>
    pi.reduce((sum, probability, state) => {
      const f = at(centred, state, mask);
      return sum + probability * f * (2 * at(solved, state, mask) - f);
    }, 0),
  );
  return { means, variances };
}

/** Of both banks, sweep after sweep, the first bank updated first. */
export function exactLaw(block: SmallBlock): readonly [BankLaw, BankLaw] {
  const first = updateMatrix(bankThresholds(block, 0));
  const second = updateMatrix(bankThresholds(block, 1));
  return [chainLaw(product(second, first)), chainLaw(product(first, second))];
}
