/** What the module of `row-half-sums.as.ts` exports; every pointer is a byte address. */
export interface RowHalfSumsKernels {
  /** One table entry at a time is widened: any quad has Σ|w| ≤ 255. */
  rowHalfSums1: RowHalfSums;
  /** Two neighbouring quads of a run are added as bytes first: Σ|w| of any two neighbours ≤ 255. */
  rowHalfSums2: RowHalfSums;
  /** Four neighbouring quads of a run: Σ|w| of any four neighbours ≤ 255. */
  rowHalfSums4: RowHalfSums;
  /** Any int8 weights: tables of 16-bit numbers, 512 bytes a quad instead of 256. */
  rowWideHalfSums: RowHalfSums;
}

/**
 * V of units begin … end − 1, u16 `[unit][E: even channels][O: odd channels]` at `out` (32 bytes a unit), modulo 2¹⁶, of `rows` rows: row r
 * gives from nibbles + r·rowBytes, and its V go to out + r·outBytes. nibbles: of the giving bank, one byte 16·nibble per quad; tables: 16
 * receiving channels wide. pixels: per unit i32 nibble base, u32 offset of its class; classes: u32 number of runs, 12 bytes that are not
 * read here, then per run i32 nibble offset, u32 table offset, i32 quads, 4 unused.
 */
export type RowHalfSums = (
  out: number,
  nibbles: number,
  tables: number,
  pixels: number,
  classes: number,
  begin: number,
  end: number,
  rows: number,
  rowBytes: number,
  outBytes: number,
) => void;
