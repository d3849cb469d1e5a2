/** The largest sum that any spin sees in a coupling, without unrolling convolutions. */
import type { Side } from '../../couplings/coupling-view.ts';
import type { WeightData } from '../../couplings/tensor-values.ts';
import type { CouplingFacts } from './context.ts';
import { convMaximum } from './conv-maxima.ts';

/** Several checks ask for the same sum of tens of millions of weights. */
const magnitudeSums = new WeakMap<CouplingFacts, Partial<Record<Side, number>>>();

/** The largest Σ|w| over the spins of a side's bank (from = to: over all partners of a spin). */
export function magnitudeSumMax(coupling: CouplingFacts, side: Side): number {
  const known = magnitudeSums.get(coupling) ?? {};
  magnitudeSums.set(coupling, known);
  known[side] ??= largest(coupling, side, Math.abs);
  return known[side];
}

/** The largest number of non-zero in-bounds couplings of a spin of that side's bank. */
export function degreeMax(coupling: CouplingFacts, side: Side): number {
  return largest(coupling, side, (weight) => (weight === 0 ? 0 : 1));
}

type Term = (weight: number) => number;

function largest(facts: CouplingFacts, side: Side, term: Term): number {
  const { geometry, weights } = facts;
  switch (geometry.kind) {
    case 'conv':
      return convMaximum(geometry.conv, weights, side, term);
    case 'diagonal':
      return diagonalMaximum(weights, term);
    case 'dense':
      return denseMaximum(weights, facts.from.spinCount, side, term);
    case 'sparse':
      return sparseMaximum(
        geometry,
        weights,
        { side, symmetric: facts.from === facts.to, spins: facts[side].spinCount },
        term,
      );
    default:
      return geometry satisfies never;
  }
}

function diagonalMaximum(weights: WeightData, term: Term): number {
  let most = 0;
  for (const weight of weights) most = Math.max(most, term(weight));
  return most;
}

function denseMaximum(weights: WeightData, columns: number, side: Side, term: Term): number {
  const columnSums = new Float64Array(side === 'from' ? columns : 0);
  let most = 0;
  for (let start = 0; start < weights.length; start += columns) {
    let rowSum = 0;
    for (let column = 0; column < columns; column++) {
      const value = term(weights[start + column] as number);
      rowSum += value;
      if (side === 'from') columnSums[column] = (columnSums[column] as number) + value;
    }
    if (side === 'to') most = Math.max(most, rowSum);
  }
  return columnSums.reduce((largest, sum) => Math.max(largest, sum), most);
}

/** A bank may be far larger than its coupling: then sums are kept only for the spins that have entries. */
function sparseMaximum(
  { rowStart, column }: { readonly rowStart: Uint32Array | BigUint64Array; readonly column: Uint32Array },
  weights: WeightData,
  of: { readonly side: Side; readonly symmetric: boolean; readonly spins: number },
  term: Term,
): number {
  const dense = of.spins <= 2 ** 16 + 8 * weights.length ? new Float64Array(of.spins) : undefined;
  const few = new Map<number, number>();
  let most = 0;
  const add = (spin: number, value: number) => {
    const sum = (dense === undefined ? (few.get(spin) ?? 0) : (dense[spin] as number)) + value;
    if (dense === undefined) few.set(spin, sum);
    else dense[spin] = sum;
    if (sum > most) most = sum;
  };
  let end = 0;
  for (let row = 0; row + 1 < rowStart.length; row++) {
    const begin = end;
    end = Number(rowStart[row + 1]);
    for (let n = begin; n < end; n++) {
      const value = term(weights[n] as number);
      if (of.side === 'to' || of.symmetric) add(row, value);
      if (of.side === 'from' || of.symmetric) add(column[n] as number, value);
    }
  }
  return most;
}
