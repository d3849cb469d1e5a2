/**
 * What the module of `sparse-update.as.ts` exports; every pointer is a byte address, vectors at multiples of 16.
 *
 * Records of one color, one per spin, one after the other, all words u32; offsets in bytes: of a slot's masks 16·slot, of a spin's draws
 * 32·(its index in the bank).
 *
 *     equal:     mask offset, draw offset, positive | negative ≪ 16 (neighbours by sign, together ≤ 15), |w|;
 *                mask offsets of the positive neighbours, then of the negative ones
 *     weighted:  mask offset, draw offset, segments (≥ 1), Σ|w|;
 *                per segment (Σ|w| ≤ 255): entries, Σ of its negative |w| as four equal bytes;
 *                   per entry: mask offset of the neighbour, signed w as four equal bytes
 */
export interface SparseUpdateKernels {
  /**
   * Equal records, H the same in all rows. terms: u32 per record, the offset (from the group's `tables`) of `equalTableBytes` bytes: for
   * n = 0 … 15 agreeing neighbours the low byte of min(T, 65535) − 32768, then the high bytes, then 16 times the n above which T is 65536 (i8).
   */
  updateEqual: UpdateSparse;
  /**
   * Weighted records, H the same in all rows. terms: `tabledTermBytes` per record, the u32 offset of a table and the u16 entry of V = 0. Table:
   * the i16 entry above which T is 65536, at `tableEntries` the i16 numbers min(T, 65535) − 32768 of V, V + 1, …; at most 32768 entries.
   */
  updateTabled: UpdateSparse;
  /**
   * Weighted records, Σ|w| ≤ 32767. terms: i32 c per record, u = ((V·M + c) ≫ shift) saturated to 16 bits, plus the fields of the group
   * (i16 `[slot][E][O]`) where there are any, saturating.
   */
  updateWeighted: UpdateSparse;
  /** The same for one tile of at most eight rows, two spins at a time: lanes 8 … 15 of a slot are neither read nor written. */
  updateEqualPairs: UpdateSparsePairs;
  updateTabledPairs: UpdateSparsePairs;
  updateWeightedPairs: UpdateSparsePairs;
  /** Nibbles of units from masks. list: u32 pairs, the byte offsets of a unit's masks and of its nibbles; bits: four vectors 1, 2, 4, 8. */
  packNibbles(list: number, units: number, bits: number, masks: number, nibbles: number): void;
}

/** One color of `tiles` tiles, 1 … 4; flips among the rows of the group. */
export type UpdateSparse = (
  tiles: number,
  constants: number,
  records: number,
  spins: number,
  terms: number,
  group: number,
) => number;

export type UpdateSparsePairs = (
  constants: number,
  records: number,
  spins: number,
  terms: number,
  group: number,
) => number;

/** Rows of a tile that the updates in pairs take, at most. */
export const pairedRowsMax = 8;

/** Where a group's tiles lie: u32 at these offsets of the block `group`. Address 0: not wanted. */
export const sparseGroup = {
  /** Masks of the giving bank, first tile, and the bytes from tile to tile; so for all below. */
  giver: 0,
  giverTile: 4,
  masks: 8,
  maskTile: 12,
  /** i16 `[spin][E][O]`, from spin 0 of the bank. */
  draws: 16,
  drawTile: 20,
  counts: 24,
  countTile: 28,
  sums: 32,
  sumTile: 36,
  fields: 40,
  fieldTile: 44,
  /** u16 per tile: bit l is set where lane l is a row; flips of other lanes are not counted. */
  rows: 48,
  /** What the offsets of tables in the terms count from. */
  tables: 56,
  bytes: 64,
} as const;

/** The block `constants`: vectors of equal i16, and two u32. Only `oddBytes` is read by updateEqual and updateTabled. */
export const sparseConstants = {
  /** 0xff00 */
  oddBytes: 0,
  /** 32767 − L, L the field from which on T is constant. */
  cap: 16,
  /** 32767 − 2L */
  floor: 32,
  /** The clamped x = u + 32767 − L above which T is 65536. */
  always: 48,
  /** Pairs m1, m2 with m1 + m2 = M, each ≤ 32767. */
  multiplier: 64,
  /** u32 */
  shift: 80,
  /** u32: address of min(T[−L], 65535) − 32768 (i16, j rising), less 2·(32767 − 2L). */
  table: 84,
  /** Four vectors of bytes 1, 2, 4, 8, for packNibbles. */
  bits: 96,
  bytes: 160,
} as const;

export const equalTableBytes = 48;
export const tabledTermBytes = 8;
export const tableEntries = 16;
