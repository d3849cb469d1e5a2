import { emptySpins, type PackedSpins } from '@isinglass/sdk';

/** These rows of every bank's kept states, in this order (semantics 2.5). */
export function keptRows(
  banks: Readonly<Record<string, PackedSpins>>,
  rows: Uint32Array,
): Readonly<Record<string, PackedSpins>> {
  return Object.fromEntries(
    Object.entries(banks).map(([id, { words, rows: all, spinCount }]) => {
      const stride = all === 0 ? 0 : words.length / all;
      const chosen = emptySpins(rows.length, spinCount);
      rows.forEach((row, n) => void chosen.words.set(words.subarray(row * stride, (row + 1) * stride), n * stride));
      return [id, chosen];
    }),
  );
}
