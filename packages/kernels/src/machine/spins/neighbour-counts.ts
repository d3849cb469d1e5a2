/** How many neighbours spins have by their sparse and diagonal couplings: what one-row lists are sorted and sized by. */
import type { CouplingView, Side } from '@isinglass/sdk';

export interface NeighbourCounts {
  /** By spin of the receiving bank. */
  readonly counts: Uint32Array;
  /** The largest Σ|w| of a spin. */
  readonly sumMax: number;
}

/** Entries between two yields. */
const entriesPerSlice = 2 ** 12;

export function* neighbourCounts(
  view: CouplingView,
  side: Side,
  spinCount: number,
): Generator<void, NeighbourCounts, void> {
  const counts = new Uint32Array(spinCount);
  let sumMax = 0;
  let work = 0;
  for (let spin = 0; spin < spinCount; spin++) {
    let count = 0;
    let sum = 0;
    for (const [, weight] of view.neighbours(side, spin)) {
      count++;
      sum += Math.abs(weight);
    }
    counts[spin] = count;
    sumMax = Math.max(sumMax, sum);
    work += 1 + count;
    if (work > entriesPerSlice) {
      work = 0;
      yield;
    }
  }
  return { counts, sumMax };
}
