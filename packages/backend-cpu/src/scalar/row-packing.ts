/**
 * Several rows in one float64, exactly (fixed law).
 *
 * A spin's sum A = Σ w·s is an integer with |A| ≤ Σ|w| ≤ m for some m known when the program is loaded. With a base B = 2ᵇ
 * of at least 2m + 1, the rows 0, 1, …, p − 1 fit into one number as digits:
 *
 *   x = s₀ + s₁·B + … + s_{p−1}·B^{p−1}     ⇒     Σ w·x = A₀ + A₁·B + … + A_{p−1}·B^{p−1}
 *
 * Every partial sum stays below m·(B^p − 1)/(B − 1) < 2⁵², so nothing is ever rounded, and the digits come back by
 * dividing by the power of two. 864 taps of 7-bit weights have m below 2¹⁶: three rows for the price of one.
 */
export interface RowPacking {
  /** p */
  readonly rowsPerLane: number;
  /** B */
  readonly base: number;
}

/** One row per lane, for values that are no small integers. */
export const unpacked: RowPacking = { rowsPerLane: 1, base: 1 };

/** More digits save little once drawing random numbers dominates. */
const rowsPerLaneMax = 8;

/** The densest packing for sums of magnitude up to `sumMax`. */
export function rowPacking(sumMax: number): RowPacking {
  const m = Math.max(1, sumMax);
  let base = 2;
  while (base < 2 * m + 1) base *= 2;
  let rowsPerLane = 1;
  while (rowsPerLane < rowsPerLaneMax && (m * (base ** (rowsPerLane + 1) - 1)) / (base - 1) < 2 ** 52) rowsPerLane++;
  return { rowsPerLane, base };
}

/** Lanes that hold `rows` rows. */
export function lanesFor(rows: number, packing: RowPacking): number {
  return Math.ceil(rows / packing.rowsPerLane);
}

/** Writes ±1 states `[spin][row]` of the listed spins as lanes `[spin][lane]`; unused digits are 0. */
export function packLanes(
  spins: Uint32Array,
  states: Int8Array,
  x: Float64Array,
  rows: number,
  { rowsPerLane, base }: RowPacking,
): void {
  const lanes = Math.ceil(rows / rowsPerLane);
  for (let n = 0; n < spins.length; n++) {
    const spin = spins[n] as number;
    let row = 0;
    for (let lane = 0; lane < lanes; lane++) {
      let packed = 0;
      let place = 1;
      for (const end = Math.min(rows, row + rowsPerLane); row < end; row++) {
        packed += (states[spin * rows + row] as number) * place;
        place *= base;
      }
      x[spin * lanes + lane] = packed;
    }
  }
}
