/**
 * A linear feedback shift register of 32 bits, Fibonacci form with XOR: one shift moves the word left by one, the new bit 0 is b31 ^ b21 ^ b1 ^ b0
 * (polynomial x³² + x²² + x² + x + 1, primitive: every state but 0 lies on one cycle of 2³² − 1). State 0 stays 0 and is illegal.
 *
 * One shift per draw makes the top 16 bits of the next draw the present ones doubled: `lfsr32-leap1` shows what that does to a sampler. Draws that are 16
 * shifts apart share no bit.
 */

/** One shift. */
export function lfsr32Shift(state: number): number {
  const bit = ((state >>> 31) ^ (state >>> 21) ^ (state >>> 1) ^ state) & 1;
  return ((state << 1) | bit) >>> 0;
}

/**
 * Sixteen shifts at once. Of the new bits, first one first, n(t) = c(t) ^ n(t−1) ^ n(t−2), where c(t) = s[32−t] ^ s[22−t] is known beforehand, n(0) = s[0] and
 * n(−1) = s[1]. In powers of x over GF(2), 1 / (1 + x + x²) = (1 + x) / (1 + x³), and 1 / (1 + x³) = (1 + x³)(1 + x⁶)(1 + x¹²) up to x²³.
 */
export function lfsr32Leap16(state: number): number {
  // Bit 15 is t = 1; earlier bits lie higher.
  let bits = ((state >>> 16) ^ (state >>> 6)) & 0xffff;
  bits ^= ((state ^ (state >>> 1)) & 1) << 15;
  bits ^= (state & 1) << 14;
  bits ^= bits >>> 1;
  bits ^= bits >>> 3;
  bits ^= bits >>> 6;
  bits ^= bits >>> 12;
  return ((state << 16) | bits) >>> 0;
}
