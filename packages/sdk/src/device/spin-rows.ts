/** Taking rows out of packed spins and putting them back. */
import { emptySpins, type PackedSpins, wordsPerRow } from '../spins/packed-spins.ts';

/** Rows first … first + rows − 1, in memory of their own. */
export function sliceRows(spins: PackedSpins, first: number, rows: number): PackedSpins {
  const width = wordsPerRow(spins.spinCount);
  return { words: spins.words.slice(first * width, (first + rows) * width), rows, spinCount: spins.spinCount };
}

/** The rows that `rowAt(0) … rowAt(rows − 1)` name, in that order. */
export function gatherRows(spins: PackedSpins, rows: number, rowAt: (row: number) => number): PackedSpins {
  const width = wordsPerRow(spins.spinCount);
  const out = emptySpins(rows, spins.spinCount);
  for (let row = 0; row < rows; row++) {
    const from = rowAt(row) * width;
    out.words.set(spins.words.subarray(from, from + width), row * width);
  }
  return out;
}

/** Writes row n of `from` to row rowAt(n) of `to`. */
export function scatterRows(from: PackedSpins, to: PackedSpins, rowAt: (row: number) => number): void {
  const width = wordsPerRow(from.spinCount);
  for (let row = 0; row < from.rows; row++) {
    to.words.set(from.words.subarray(row * width, (row + 1) * width), rowAt(row) * width);
  }
}
