/** What the module of `row-fields.as.ts` exports; every pointer is a byte address; 0: not wanted, where the name may be absent. */
export interface RowFieldsKernels {
  /** sums = (first) or += (2V − base)·2^shift of units; bases: 16 i32 per class, E then O. */
  addRowHalfSums(
    sums: number,
    halfSums: number,
    pixels: number,
    classes: number,
    bases: number,
    units: number,
    shift: number,
    first: boolean,
  ): void;
  copyBytes(to: number, from: number, bytes: number): void;
  /** States and the nine spin planes of the means of the feed-forward start. */
  startRowFeedForward(
    fields: number,
    units: number,
    limit: number,
    table: number,
    chosen: number,
    bits: number,
    bitsStride: 16 | 0,
    nibbles: number,
    nibbleStride: number,
    masks: number,
    nibblePlanes: number,
    nibblePlane: number,
    maskPlanes: number,
    maskPlane: number,
  ): void;
}
