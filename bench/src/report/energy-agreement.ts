/**
 * Whether the samplers of one run sample the same law: every row's energy against the median of its workload. A wrong sampler
 * is easily fast.
 */
import { type BenchRow, median } from '../rows/bench-row.ts';

export interface Disagreement {
  readonly workload: string;
  readonly implementation: string;
  readonly variant: string;
  readonly peer: boolean;
  readonly energyPerSpin: number;
  /** Of all rows of the workload that run it whole. */
  readonly medianEnergyPerSpin: number;
  readonly tolerance: number;
}

/**
 * Rows that are off by more than the tolerance of their workload. Rows of fewer images or chains are left out: they sample
 * another problem. `tolerances` by workload; one that is not there is not compared.
 */
export function energyDisagreements(
  rows: readonly BenchRow[],
  tolerances: ReadonlyMap<string, number>,
): readonly Disagreement[] {
  const measured = rows.flatMap((row) => {
    const { checkEnergyPerSpin: energy, workload } = row;
    const tolerance = tolerances.get(workload);
    if (energy === null || tolerance === undefined || /\d+rows?\b/.test(row.variant)) return [];
    return [{ row, energy, tolerance }];
  });
  return [...Map.groupBy(measured, ({ row }) => row.workload).values()].flatMap((group) => {
    const middle = median(group.map(({ energy }) => energy));
    return group
      .filter(({ energy, tolerance }) => Math.abs(energy - middle) > tolerance)
      .map(({ row, energy, tolerance }) => ({
        workload: row.workload,
        implementation: row.implementation,
        variant: row.variant,
        peer: row.device === undefined,
        energyPerSpin: energy,
        medianEnergyPerSpin: middle,
        tolerance,
      }));
  });
}
