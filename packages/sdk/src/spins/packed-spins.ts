/**
 * Spins as bits (semantics 1.1): bit 1 is +1, bit 0 is −1; spin 0 is the least significant bit of a row's first word;
 * every row is padded with zero bits to a multiple of 32.
 */

/** 32-bit words that belong to one owner: never shared memory. */
export type Words = Uint32Array<ArrayBuffer>;

/** `rows` rows of `spinCount` spins each; row r is `words.subarray(r * w, (r + 1) * w)` with w = wordsPerRow(spinCount). */
export interface PackedSpins {
  readonly words: Words;
  readonly rows: number;
  readonly spinCount: number;
}

/** Words that one row of `spinCount` spins takes. */
export function wordsPerRow(spinCount: number): number {
  return Math.ceil(spinCount / 32);
}

/** An all −1 array of spins. */
export function emptySpins(rows: number, spinCount: number): PackedSpins {
  return { words: new Uint32Array(rows * wordsPerRow(spinCount)), rows, spinCount };
}

/** Packs values by sign: > 0 is +1, everything else −1. `values` is row-major `[rows][spinCount]`. */
export function packSpins(values: ArrayLike<number>, rows: number, spinCount: number): PackedSpins {
  return packAbove(values, { rows, spinCount, above: 0 });
}

/** Packs values by a threshold: greater is +1, everything else −1. */
export function packAbove(
  values: ArrayLike<number>,
  { rows, spinCount, above }: { readonly rows: number; readonly spinCount: number; readonly above: number },
): PackedSpins {
  const packed = emptySpins(rows, spinCount);
  const stride = wordsPerRow(spinCount);
  for (let row = 0; row < rows; row++) {
    const end = (row + 1) * spinCount;
    for (let w = 0; w < stride; w++) {
      const first = row * spinCount + 32 * w;
      let word = 0;
      // No branch on the value: signs of samples cannot be predicted, and a wrong guess costs more than all the rest.
      for (let i = Math.min(first + 32, end) - 1; i >= first; i--) {
        word = (word << 1) | Number((values[i] as number) > above);
      }
      packed.words[row * stride + w] = word;
    }
  }
  return packed;
}

/** The spins of all rows as ±1, row-major `[rows][spinCount]`. */
export function unpackSpins(packed: PackedSpins): Int8Array<ArrayBuffer> {
  const { rows, spinCount, words } = packed;
  const stride = wordsPerRow(spinCount);
  const out = new Int8Array(rows * spinCount);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < spinCount; i++) {
      const bit = ((words[row * stride + (i >>> 5)] as number) >>> (i & 31)) & 1;
      out[row * spinCount + i] = 2 * bit - 1;
    }
  }
  return out;
}

/** The first row whose padding bits are not all zero [P32], or −1. */
export function rowWithDirtyPadding(packed: PackedSpins): number {
  const used = packed.spinCount & 31;
  if (used === 0) return -1;
  const stride = wordsPerRow(packed.spinCount);
  for (let row = 0; row < packed.rows; row++) {
    if ((packed.words[(row + 1) * stride - 1] as number) >>> used !== 0) return row;
  }
  return -1;
}
