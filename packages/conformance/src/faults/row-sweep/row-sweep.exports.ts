/** What row-sweep.as.ts exports. */
export interface RowSweepKernels {
  /** Sweeps rows once; `at` is the address of twenty numbers that say where everything is. Returns the flips. */
  sweepRows(at: number): number;
}
