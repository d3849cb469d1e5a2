/** Random bits for the faults themselves, apart from the machine's own generator: 32-bit mixing (the finaliser of MurmurHash3). */

/** A well mixed 32-bit number of a 32-bit number. */
export function mixed(x: number): number {
  let h = x | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Of several numbers, in order. */
export function mixedOf(...words: readonly number[]): number {
  return words.reduce((hash, word) => mixed(Math.imul(hash, 0x9e3779b1) + word + 0x7f4a7c15), 0x243f6a88);
}
