/** A bias in field units: ⌊((β·g)·h)·2^k + 0.5⌋, products left to right in float64 (semantics 4.4). */
export function biasUnits(
  f: { readonly beta: number; readonly gain: number; readonly fractionBits: number },
  h: number,
): number {
  return Math.floor(f.beta * f.gain * h * 2 ** f.fractionBits + 0.5) + 0;
}
