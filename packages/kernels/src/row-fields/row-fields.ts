/** The feed-forward start of one spin, scalar witness of `row-fields.as.ts` (semantics 4.8). */

/** m = ⌊(T − 32768 + 128) / 256⌋, −128 … 128. */
export function meanOfThreshold(T: number): number {
  return Math.floor((T - 32768 + 128) / 256);
}

/** The nine spins that a mean is written as: 2m = Σ weight·spin. */
export const planeWeights: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128, 1];
