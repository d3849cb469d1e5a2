/**
 * Half sums of one row, scalar witness: the same tables and runs as `row-half-sums.as.ts`, one number at a time.
 *
 *   V = Σ over quads of T_quad[nibble]          T_quad[n] = Σ|w_j| where bit j of n agrees with the sign of w_j          A = 2V − Σ|w|
 */

/** Couplings of four giving spins with 16 receiving channels: `[channel][4]`. */
export type QuadWeights = readonly (readonly [number, number, number, number])[];

/** T[n] of one channel, n = 0 … 15. */
export function quadTable(weights: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, n) =>
    weights.reduce((sum, w, j) => ((((n >> j) & 1) === 1) === w > 0 ? sum + Math.abs(w) : sum), 0),
  );
}

/** Bytes of a quad's table: `[16 nibbles][16 channels]`. */
export function byteTable(weights: QuadWeights): Uint8Array {
  const bytes = new Uint8Array(256);
  for (const [channel, quad] of weights.entries()) {
    for (const [n, value] of quadTable(quad).entries()) bytes[16 * n + channel] = value;
  }
  return bytes;
}

/** The same as 16-bit numbers: `[16 nibbles][8 even channels]`, then `[16 nibbles][8 odd channels]`. */
export function wideTable(weights: QuadWeights): Uint8Array {
  const words = new Uint16Array(256);
  for (const [channel, quad] of weights.entries()) {
    for (const [n, value] of quadTable(quad).entries()) words[128 * (channel & 1) + 8 * n + (channel >> 1)] = value;
  }
  return new Uint8Array(words.buffer);
}

/** V of 16 channels from the quads of one unit, modulo 2¹⁶: even channels, then odd ones. */
export function rowHalfSums(quads: readonly { readonly weights: QuadWeights; readonly nibble: number }[]): Uint16Array {
  const sums = new Uint16Array(16);
  for (const { weights, nibble } of quads) {
    for (const [channel, quad] of weights.entries()) {
      const place = 8 * (channel & 1) + (channel >> 1);
      sums[place] = (sums[place] as number) + (quadTable(quad)[nibble] as number);
    }
  }
  return sums;
}
