/** xorshift32 (Marsaglia, "Xorshift RNGs", 2003), shifts 13, 17, 5: one cycle through all words but 0, which stays 0 and is illegal. */

/** The next state, which is what it gives. */
export function xorshift32(state: number): number {
  let x = state;
  x ^= x << 13;
  x ^= x >>> 17;
  x ^= x << 5;
  return x >>> 0;
}
