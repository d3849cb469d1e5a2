/** Between a tile's states and the packed rows of the contract (semantics 1.1). */
import { type PackedSpins, type Words, wordsPerRow } from '@isinglass/sdk';
import { packLanes } from './row-packing.ts';
import type { Tile, TileBank } from './tile.ts';
import { inParts, type Work } from './work.ts';

/** Writes every row of a bank to `words`, row r at word `wordOfRow(r)`; those words must be zero before. */
export function* packBank(
  tile: Tile,
  { bank, states }: TileBank,
  words: Words,
  wordOfRow: (row: number) => number,
): Work {
  const { rows } = tile;
  const begins = Array.from({ length: rows }, (_, row) => wordOfRow(row));
  yield* inParts(bank.allSpins, rows, (part) => {
    for (const spin of part) {
      const bit = 1 << (spin & 31);
      for (let row = 0; row < rows; row++) {
        if ((states[spin * rows + row] as number) < 0) continue;
        const word = (begins[row] as number) + (spin >>> 5);
        words[word] = (words[word] as number) | bit;
      }
    }
  });
}

/** Sets the states of a bank from packed rows: row r of the tile is row `sourceRow(r)` of `from`. */
export function* unpackBank(
  tile: Tile,
  { bank, states, x }: TileBank,
  from: PackedSpins,
  sourceRow: (row: number) => number,
): Work {
  const { rows } = tile;
  const stride = wordsPerRow(bank.spinCount);
  const begins = Array.from({ length: rows }, (_, row) => sourceRow(row) * stride);
  yield* inParts(bank.allSpins, rows, (part) => {
    for (const spin of part) {
      for (let row = 0; row < rows; row++) {
        const bit = ((from.words[(begins[row] as number) + (spin >>> 5)] as number) >>> (spin & 31)) & 1;
        states[spin * rows + row] = 2 * bit - 1;
      }
    }
    packLanes(part, states, x, rows, tile.structure.packing);
  });
}
