/** What the module of `random-words.as.ts` exports; every pointer is a byte address, a multiple of 16. */
export interface RandomWordsKernels {
  /** Round keys of a seed: `keyBytes` bytes at `keys`. */
  prepareKeys(keys: number, seedLow: number, seedHigh: number): void;
  /**
   * What the first rounds know of one tile in one sweep: `preparedBytes` bytes at `prepared`, from `counterBytes` bytes at `counters`:
   * c2 of 16 rows, then c3, as u32 in the order of `laneOrder32`.
   */
  prepareDraws(prepared: number, keys: number, counters: number, sweep: number): void;
  /** Draws r − 32768 of spins 8·block … 8·(block + blocks) − 1: i16 `[block][8 spins][E][O]`, `drawBytesPerBlock` bytes a block. */
  drawRows(out: number, keys: number, prepared: number, block: number, blocks: number): void;
  /** The same for lanes 0 … 7; what it writes for lanes 8 … 15 means nothing. */
  drawHalfRows(out: number, keys: number, prepared: number, block: number, blocks: number): void;
}

/** Round keys of a seed, multipliers. */
export const keyBytes = 368;
/** c2 and c3 of 16 rows. */
export const counterBytes = 128;
/** What the first rounds know of one tile in one sweep. */
export const preparedBytes = 256;
/** Draws of eight spins in 16 rows. */
export const drawBytesPerBlock = 256;
