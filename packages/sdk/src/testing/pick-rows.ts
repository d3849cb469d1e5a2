import { type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';

/** These rows of every bank, in any order and as often as one likes: copies. */
export function pickRows(
  banks: Readonly<Record<string, PackedSpins>>,
  rows: Iterable<number>,
): Readonly<Record<string, PackedSpins>> {
  const chosen = [...rows];
  return Object.fromEntries(
    Object.entries(banks).map(([id, { words, spinCount }]) => {
      const stride = wordsPerRow(spinCount);
      const picked = new Uint32Array(chosen.length * stride);
      for (const [n, row] of chosen.entries()) picked.set(words.subarray(row * stride, (row + 1) * stride), n * stride);
      return [id, { words: picked, rows: chosen.length, spinCount }];
    }),
  );
}
