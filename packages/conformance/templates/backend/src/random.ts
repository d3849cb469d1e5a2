/** Random numbers: sfc32 (Doty-Humphrey), a stand-in for the noise of the machine. */

/**
 * A generator whose numbers depend on `words` alone; different words give unrelated numbers. A number is (r + 0.5) / 65536, r of 16 bits, as in
 * semantics 7.
 */
export function randomOf(words: readonly number[]): () => number {
  let [a, b, c, d] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x452821e6].map((lane) => words.reduce(mixed, lane)) as [
    number,
    number,
    number,
    number,
  ];
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return ((sum >>> 16) + 0.5) / 65536;
  };
  for (let n = 0; n < 15; n++) next();
  return next;
}

/** A bijection of 32 bits for every word (the finaliser of MurmurHash3). */
function mixed(hash: number, word: number): number {
  let h = Math.imul(hash, 5) + word + 0xe6546b64;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
