/** What the module of `row-sparse-sums.as.ts` exports; every pointer is a byte address. */
export interface RowSparseSumsKernels {
  /** Any spin has Σ|w| < 2¹⁶. */
  rowSparseSums: RowSparseSums;
  /** Any spin has Σ|w| ≤ 255. */
  rowSparseByteSums: RowSparseSums;
}

/**
 * V of units begin … end − 1, u16 `[unit][E][O]` at `out`. states: u8 of the giving bank, 0xFF or 0; units: per unit u32 offset and number
 * of its steps; steps: `rowStepBytes` bytes each: 16 × u32 offset of the neighbour's state, 16 × u8 0xFF where w < 0, 16 × u8 |w|. Where the
 * states of four lanes 4q … 4q + 3 follow each other, the second of their offsets is `statesFollow`; of eight lanes 8h … 8h + 7 the third, too.
 */
export type RowSparseSums = (
  out: number,
  states: number,
  units: number,
  steps: number,
  begin: number,
  end: number,
) => void;

export const rowStepBytes = 96;

/** In place of the second offset of four lanes, or of the second and third of eight: the others are the first plus 1, 2, 3, … */
export const statesFollow = 0xffffffff;
