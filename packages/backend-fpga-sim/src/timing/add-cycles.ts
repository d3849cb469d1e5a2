import { type CycleCause, type CycleCounts, cycleCauses } from './cycle-causes.ts';

/** Cycles of some causes. */
export type PartialCycles = { readonly [K in CycleCause]?: number };

/** All of them together; causes that none has are 0. */
export function addCycles(...parts: readonly PartialCycles[]): CycleCounts {
  return Object.fromEntries(
    cycleCauses.map((cause) => [cause, parts.reduce((sum, part) => sum + (part[cause] ?? 0), 0)]),
  ) as CycleCounts;
}

/** The same cycles so many times. */
export function timesCycles(count: number, cycles: PartialCycles): CycleCounts {
  return Object.fromEntries(cycleCauses.map((cause) => [cause, count * (cycles[cause] ?? 0)])) as CycleCounts;
}

/** Cycles of every cause, or of those that are given. */
export const totalCycles = (cycles: PartialCycles): number =>
  cycleCauses.reduce((sum, cause) => sum + (cycles[cause] ?? 0), 0);
