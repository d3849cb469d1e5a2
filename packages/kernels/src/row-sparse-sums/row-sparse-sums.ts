/** Half sums of listed couplings of one row, scalar witness:  V = Σ|w| of the neighbours whose state agrees with the sign of w. */

export interface ListedNeighbour {
  /** Offset of the neighbour's state. */
  readonly slot: number;
  readonly weight: number;
}

/** V of one spin; `states` are 0xFF or 0. */
export function rowSparseSum(neighbours: readonly ListedNeighbour[], states: Uint8Array): number {
  return neighbours.reduce(
    (sum, { slot, weight }) => ((states[slot] as number) > 0 === weight > 0 ? sum + Math.abs(weight) : sum),
    0,
  );
}
