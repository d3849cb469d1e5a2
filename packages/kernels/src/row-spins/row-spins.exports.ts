/** What the module of `row-spins.as.ts` exports; every pointer is a byte address; 0: not wanted. slots: of a bank in the order of a list. */
export interface RowSpinsKernels {
  /** States as packed words; from nibbles, or from masks where nibbles is 0. */
  packRow(out: number, nibbles: number, masks: number, slots: number, channels: number, pixels: number): void;
  /** Sets a bank's states from packed words. */
  unpackRow(from: number, nibbles: number, masks: number, slots: number, channels: number, pixels: number): void;
  /** out (i32, in index order) += 2·(sum + count) + offset. */
  collectRow(
    out: number,
    sums: number,
    counts: number,
    slots: number,
    channels: number,
    pixels: number,
    offset: number,
  ): void;
}
