/** What the module of `row-update.as.ts` exports; every pointer is a byte address; 0: not wanted, where the name may be absent. */
export interface RowUpdateKernels {
  /** Updates units from the half sums of their only free coupling; returns flips. See `row-update.as.ts` for the layouts. */
  updateRowSums(
    constants: number,
    units: number,
    sums: number,
    pixels: number,
    classes: number,
    classConstants: number,
    field: number,
    bits: number,
    bitsStride: 16 | 0,
    draws: number,
    order: DrawOrder,
    offsets: number,
    scratch: number,
    nibbles: number,
    nibbleStride: number,
    masks: number,
    counts: number,
    conditional: number,
  ): number;
  /** Updates the chosen spins of units from 32-bit fields at temperature b_t; returns flips. */
  updateRowFields(
    constants: number,
    units: number,
    fields: number,
    chosen: number,
    temperature: number,
    bits: number,
    bitsStride: 16 | 0,
    draws: number,
    order: DrawOrder,
    offsets: number,
    scratch: number,
    nibbles: number,
    nibbleStride: number,
    masks: number,
    counts: number,
    conditional: number,
  ): number;
  /** Random initial states of units. */
  startRowRandom(
    units: number,
    bits: number,
    bitsStride: 16 | 0,
    draws: number,
    order: DrawOrder,
    offsets: number,
    scratch: number,
    nibbles: number,
    nibbleStride: number,
    masks: number,
  ): void;
}

/**
 * 0: a unit is 16 channels of one pixel; 1: 16 spins of consecutive index; 2: 16 spins of a list, `offsets` says where the draw of each is. Where the
 * first eight draws of a unit are every other one from its first, and the last eight from their first, as on lattices of two colors, the
 * unit's second offset is `everyOtherDraw`; 2 bytes behind the last draw are read, too.
 */
export type DrawOrder = 0 | 1 | 2;

export const everyOtherDraw = 0xffffffff;

export const rowScratchBytes = 256;

/** Where a bank's constants lie (bytes from their address); names as in `row-update.as.ts`. */
export const rowConstants = {
  cap: 0,
  floor: 16,
  always: 32,
  oddBytes: 48,
  multiplier: 64,
  roundShift: 80,
  table: 84,
  table32: 88,
  inverse: 92,
  limit32: 96,
  floor32: 112,
  always32: 128,
  sign: 144,
  bytes: 160,
} as const;
