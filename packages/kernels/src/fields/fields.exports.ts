/** What the module of `fields.as.ts` exports; every pointer is a byte address; `slots` counts spins, padding included, `units` four of them. */
export interface FieldKernels {
  /** fields = the bias of the slot (i32 `[slot]` at `biases`), the same in all rows. */
  setFields(fields: number, biases: number, slots: number): void;
  /** fields += scaled(A) for A = `sums`, 32-bit; any sh 0 … 40. */
  addScaled(fields: number, sums: number, slots: number, multiplier: number, sh: number): void;
  /** sums += (2V − base)·2^shift, V unsigned 16-bit as `half-sums.as.ts` writes them. */
  addHalfSums(
    sums: number,
    halfSums: number,
    pixels: number,
    classes: number,
    bases: number,
    units: number,
    shift: number,
  ): void;
  /** 32-bit fields to 16-bit ones, saturating. */
  narrowFields(narrow: number, fields: number, slots: number): void;
  widenFields(fields: number, narrow: number, slots: number): void;
  /** fields += scaled(A′) of the feed-forward start; `twiceSums` holds 2A′. */
  addScaledMeans(fields: number, twiceSums: number, slots: number, multiplier: number, sh: number): void;
  /** The states of the feed-forward start, and the nine spin planes of the means. */
  startFeedForward(
    constants: number,
    fields: number,
    units: number,
    chosen: number,
    nibbles: number,
    nibbleStride: number,
    masks: number,
    nibblePlanes: number,
    nibblePlane: number,
    maskPlanes: number,
    maskPlane: number,
  ): void;
}
