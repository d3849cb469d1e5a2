/**
 * Philox4x32-10 (Salmon et al., SC 2011) and how a spin draws from it (semantics 5).
 *
 * One call gives eight 16-bit numbers, for spins 8n … 8n+7 of one image and chain in one sweep. The counter is
 * (spinIndex ≫ 3, sweep, image, blockIndex ≪ 24 | chain), the key the run's seed: a draw depends on nothing else.
 */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** The high 32 bits of a · b, as an unsigned number, by 16-bit halves. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = aLow * bLow;
  const mid = aHigh * bLow + (low >>> 16); // < 2^32
  const mid2 = aLow * bHigh + (mid & 0xffff); // < 2^32
  return (aHigh * bHigh + (mid >>> 16) + (mid2 >>> 16)) >>> 0;
}

/** Writes x0 … x3 for counter (c0, c1, c2, c3) and key (k0, k1), all unsigned 32-bit, to `out[0 … 3]`. */
export function philox4x32(
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
  out: Uint32Array,
): void {
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(M0, c0);
    const low0 = Math.imul(M0, c0);
    const high1 = multiplyHigh(M1, c2);
    const low1 = Math.imul(M1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The 16-bit number of one spin from the output words of its counter (semantics 5.3). */
export function spinDraw(words: Uint32Array, spinIndex: number): number {
  return ((words[(spinIndex >> 1) & 3] as number) >>> (16 * (spinIndex & 1))) & 0xffff;
}

/** The key of a seed: its low and high 32 bits. */
export function philoxKey(seed: bigint): readonly [low: number, high: number] {
  return [Number(seed & 0xffffffffn), Number((seed >> 32n) & 0xffffffffn)];
}

/** Counter word c3 (semantics 5.1). */
export function blockAndChain(blockIndex: number, chain: number): number {
  return ((blockIndex << 24) | chain) >>> 0;
}
