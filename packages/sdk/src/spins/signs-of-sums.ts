import { type PackedSpins, packAbove } from './packed-spins.ts';

/** Signs of sums of integers, row-major `[images][spins]` (semantics 2.2): +1 above zero and −1 below, `tie` where a sum is 0. */
export function signsOfSums(sums: Int32Array | Float64Array, images: number, tie: 1 | -1): PackedSpins {
  const spinCount = images === 0 ? 0 : sums.length / images;
  // Integers: a tie is above −1 and not above 0.
  return packAbove(sums, { rows: images, spinCount, above: tie === 1 ? -1 : 0 });
}
