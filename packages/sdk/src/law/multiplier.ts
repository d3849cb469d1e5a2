/** Fixed-point scaling of a coupling's integer sum into field units (semantics 4.3). */

/** `scaled(A) = ⌊(A·M + half) / 2^sh⌋`, 2^15 ≤ M < 2^16, 0 ≤ sh ≤ 40. */
export interface Multiplier {
  readonly M: number;
  readonly sh: number;
}

export interface MultiplierFactors {
  readonly beta: number;
  readonly gain: number;
  readonly scale: number;
  readonly fractionBits: number;
}

/** M and sh for F = ((β·g)·S)·2^k, or the shift that would be needed when it lies outside 0 … 40. */
export function multiplier(f: MultiplierFactors): Multiplier | { readonly shiftOutOfRange: number } {
  const factor = f.beta * f.gain * f.scale * 2 ** f.fractionBits;
  // A product may underflow to 0 or overflow; the loop below would not end for it.
  if (!(factor > 0) || factor === Number.POSITIVE_INFINITY) {
    return { shiftOutOfRange: factor > 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY };
  }
  let sh = 15 - Math.floor(Math.log2(factor));
  // log2 may be off by one ulp next to a power of two: the definition decides.
  while (factor * 2 ** sh < 32768) sh++;
  while (factor * 2 ** sh >= 65536) sh--;
  let M = Math.floor(factor * 2 ** sh + 0.5);
  if (M === 65536) {
    M = 32768;
    sh--;
  }
  return sh < 0 || sh > 40 ? { shiftOutOfRange: sh } : { M, sh };
}

/** scaled(A) for |A| ≤ 2²⁸: exact in float64, since |A·M| < 2⁴⁴ and the division is by a power of two. */
export function scaled(A: number, m: Multiplier): number {
  const half = m.sh >= 1 ? 2 ** (m.sh - 1) : 0;
  return Math.floor((A * m.M + half) / 2 ** m.sh) + 0;
}

/** scaled(A′) of the feed-forward start, whose means are 128 times too large: ⌊(A′·M + 2^(sh+6)) / 2^(sh+7)⌋ (semantics 4.8). */
export function scaledMeans(A: number, m: Multiplier): number {
  return Math.floor((A * m.M + 2 ** (m.sh + 6)) / 2 ** (m.sh + 7)) + 0;
}
