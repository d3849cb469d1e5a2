/** This run beside an earlier one, row by row, by medians. */
import { type BenchRow, rowKey } from '../rows/bench-row.ts';

/** A row may be this many times slower than before: neighbours on shared machines cost as much. */
export const slowdownMax = 1.3;

export interface RowChange {
  readonly workload: string;
  readonly implementation: string;
  readonly variant: string;
  readonly threads: number | null;
  readonly gsopPerSecondBefore: number;
  readonly gsopPerSecond: number;
  /** Before / now: above 1 is slower. */
  readonly slowdown: number;
  readonly tooSlow: boolean;
}

/** Rows that both runs have, in the order of this one. */
export function compareRows(now: readonly BenchRow[], before: readonly BenchRow[]): readonly RowChange[] {
  const earlier = new Map(before.map((row) => [rowKey(row), row]));
  return now.flatMap((row) => {
    const old = earlier.get(rowKey(row));
    if (old === undefined) return [];
    const slowdown = old.gsopPerSecond / row.gsopPerSecond;
    return [
      {
        workload: row.workload,
        implementation: row.implementation,
        variant: row.variant,
        threads: row.threads,
        gsopPerSecondBefore: old.gsopPerSecond,
        gsopPerSecond: row.gsopPerSecond,
        slowdown,
        tooSlow: slowdown > slowdownMax,
      },
    ];
  });
}
