/**
 * Integer arithmetic of the fixed law (semantics 4.3 to 4.5, 4.8). The float64 forms are exact: every product stays below 2⁵³ and every
 * divisor is a power of two. The BigInt forms are what they are tested against.
 */

/** scaled(A) = ⌊(A·M + half) / 2^sh⌋, 2^15 ≤ M < 2^16, 0 ≤ sh ≤ 40. */
export interface Multiplier {
  readonly M: number;
  readonly sh: number;
}

export interface FieldFactors {
  readonly beta: number;
  readonly gain: number;
  /** k */
  readonly fractionBits: number;
}

/** M and sh of F = ((β·g)·S)·2^k, from the bits of F; undefined when sh lies outside 0 … 40. */
export function multiplierOf(o: FieldFactors & { readonly scale: number }): Multiplier | undefined {
  const F = o.beta * o.gain * o.scale * 2 ** o.fractionBits;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, F);
  const bits = view.getBigUint64(0);
  const exponent = Number(bits >> 52n);
  // Zero, subnormal, infinite, not a number, negative: no shift of 0 … 40 belongs to them.
  if (exponent === 0 || exponent >= 2047) return undefined;
  const mantissa = (bits & ((1n << 52n) - 1n)) | (1n << 52n);
  // F = mantissa · 2^(exponent − 1075), so F·2^sh = mantissa / 2^37 with sh = 1038 − exponent; rounded half up.
  const rounded = (mantissa + (1n << 36n)) >> 37n;
  const [M, sh] = rounded === 65536n ? [32768, 1037 - exponent] : [Number(rounded), 1038 - exponent];
  return sh < 0 || sh > 40 ? undefined : { M, sh };
}

/** A coupling's sum in units of field; |A| ≤ 2²⁸. */
export function scaled(A: number, { M, sh }: Multiplier): number {
  const half = sh === 0 ? 0 : 2 ** (sh - 1);
  return Math.floor((A * M + half) / 2 ** sh) + 0;
}

/** The same in BigInt. */
export function scaledExact(A: bigint, { M, sh }: Multiplier): bigint {
  const half = sh === 0 ? 0n : 1n << BigInt(sh - 1);
  return (A * BigInt(M) + half) >> BigInt(sh);
}

/** ⌊(A′·M + 2^(sh+6)) / 2^(sh+7)⌋: a sum of means, which are 128 times too large (semantics 4.8). */
export function scaledMeans(A: number, { M, sh }: Multiplier): number {
  return Math.floor((A * M + 2 ** (sh + 6)) / 2 ** (sh + 7)) + 0;
}

/** The same in BigInt. */
export function scaledMeansExact(A: bigint, { M, sh }: Multiplier): bigint {
  return (A * BigInt(M) + (1n << BigInt(sh + 6))) >> BigInt(sh + 7);
}

/** One bias in units of field: ⌊((β·g)·h)·2^k + 0.5⌋, products left to right in float64 (semantics 4.4). */
export function biasUnits(h: number, { beta, gain, fractionBits }: FieldFactors): number {
  return Math.floor(beta * gain * h * 2 ** fractionBits + 0.5) + 0;
}

/** b of "no change". */
export const fullTemperature = 65536;

/** ⌊(u·b + 32768) / 65536⌋ for |u| < 2²⁶ and b = 0 … 65536 (semantics 4.5). */
export function tempered(u: number, b: number): number {
  return Math.floor((u * b + 32768) / 65536) + 0;
}

/** The same in BigInt. */
export function temperedExact(u: bigint, b: number): bigint {
  return (u * BigInt(b) + 32768n) >> 16n;
}
