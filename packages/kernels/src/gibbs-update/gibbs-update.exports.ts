/** What the module of `gibbs-update.as.ts` exports; every pointer is a byte address; 0: not wanted, where the name may be absent. */
export interface GibbsUpdateKernels {
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
  setFields(fields: number, biases: number, slots: number): void;
  addScaled(fields: number, sums: number, slots: number, multiplier: number, sh: number): void;
  addHalfSums(sums: number, halfSums: number, pixels: number, classes: number, bases: number, units: number): void;
  narrowFields(out: number, fields: number, slots: number): void;
}
