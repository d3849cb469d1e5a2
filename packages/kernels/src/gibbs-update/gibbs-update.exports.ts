/** What the module of `gibbs-update.as.ts` exports; every pointer is a byte address; 0: not wanted, where the name may be absent. */
export interface GibbsUpdateKernels {
  /** Updates `units` units whose only free coupling gave the half sums; returns flips. See `gibbs-update.as.ts` for the strides. */
  updateSums(
    constants: number,
    units: number,
    sums: number,
    pixels: number,
    classes: number,
    classConstants: number,
    field: number,
    fieldStride: 32 | 2,
    draws0: number,
    draws1: number,
    draws2: number,
    draws3: number,
    drawStride: number,
    nibbles: number,
    nibbleStride: number,
    masks: number,
    counts: number,
    conditional: number,
  ): number;
  /** Updates the chosen spins of units (a byte per slot, 0: all) from 32-bit fields at temperature b 0 … 65536; returns flips. */
  updateFields(
    constants: number,
    units: number,
    fields: number,
    chosen: number,
    temperature: number,
    draws0: number,
    draws1: number,
    draws2: number,
    draws3: number,
    drawStride: number,
    nibbles: number,
    nibbleStride: number,
    masks: number,
    counts: number,
    conditional: number,
  ): number;
  /** The initial state: fair coins for the first `channels` channels (less channelStep, 0 or 4, per unit). */
  tossCoins(
    constants: number,
    units: number,
    channels: number,
    channelStep: 0 | 4,
    draws0: number,
    draws1: number,
    draws2: number,
    draws3: number,
    drawStride: number,
    nibbles: number,
    nibbleStride: number,
    masks: number,
  ): void;
}

/** Where a bank's constants lie (bytes from their address); names as in `gibbs-update.as.ts`. */
export const gibbsConstants = {
  cap: 0,
  floor: 16,
  always: 32,
  oddBytes: 48,
  bits: 64,
  popcount: 128,
  rows: 144,
  multiplier: 160,
  roundShift: 176,
  table: 180,
  inverse: 184,
  limit32: 192,
  floor32: 208,
  always32: 224,
  table32: 240,
  sign: 256,
  bytes: 320,
} as const;
