/** What the module of `row-words.as.ts` exports; every pointer is a byte address, a multiple of 16. */
export interface RowWordsKernels {
  /**
   * What the first rounds know of one row in one sweep: `rowPreparedBytes` bytes at `prepared`. keys: what `prepareKeys` wrote; sweep,
   * image, blockAndChain: c1, c2, c3 of the counter.
   */
  prepareRowDraws(prepared: number, keys: number, sweep: number, image: number, blockAndChain: number): void;
  /**
   * Draws r − 32768 of spins 8·block … 8·(block + blocks) − 1, i16 in the order of spins. May write up to seven
   * blocks more: `rowDrawBytes(blocks)` bytes in all.
   */
  drawRow(out: number, keys: number, prepared: number, block: number, blocks: number): void;
}

export const rowPreparedBytes = 80;

/** Bytes that `drawRow` writes, at most. */
export const rowDrawBytes = (blocks: number): number => 16 * (blocks + 7);
