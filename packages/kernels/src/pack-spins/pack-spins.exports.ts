/** What the module of `pack-spins.as.ts` exports; every pointer is a byte address; 0: not wanted. A bank is `channels × pixels`. */
export interface PackSpinsKernels {
  /** Rows 0 … rows − 1 of a tile as packed words, row l at `out + l·rowStride`; from nibbles, or from masks where nibbles is 0. */
  packTile(
    out: number,
    rowStride: number,
    rows: number,
    nibbles: number,
    masks: number,
    channels: number,
    pixels: number,
  ): void;
  /** Sets a bank's states from 16 packed rows, whose addresses (u32) are at `sources`. */
  unpackTile(sources: number, nibbles: number, masks: number, channels: number, pixels: number): void;
  /** sums (i32 `[slot][16]`, 32-bit row order) += counts (u8 `[slot][16]`), which are cleared. */
  flushCounts(sums: number, counts: number, slots: number): void;
  /** out (i32, spins in index order) += 2·(sum + count) + offset of one lane. */
  collectLane(
    out: number,
    sums: number,
    counts: number,
    lane: number,
    channels: number,
    pixels: number,
    offset: number,
  ): void;
}
