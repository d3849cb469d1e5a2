/** Cycles of machines with a complete graph. Know nothing of the emulator's walk, which they are a witness of. */
import { addCycles } from '../add-cycles.ts';
import type { CycleCounts } from '../cycle-causes.ts';

/** Of a serial machine. */
export interface DenseSerialSchedule {
  /** N. */
  readonly spins: number;
  /** k. */
  readonly parallelPaths: number;
}

/** A sweep over N spins, one after the other, k of them worked out ahead (pc-COP, devices.md 5.3): ⌈N/k⌉ + 1. */
export const denseSerialSweepCycles = (o: DenseSerialSchedule): number => Math.ceil(o.spins / o.parallelPaths) + 1;

/** A sweep, or a random start, by cause: groups, waiting for numbers that take `drawCycles` (10 for philox), and the last group that leaves. */
export function denseSerialPassCycles({
  drawCycles,
  ...o
}: DenseSerialSchedule & { readonly drawCycles: number }): CycleCounts {
  const groups = denseSerialSweepCycles(o) - 1;
  return addCycles({ sample: groups, rngStall: groups * Math.max(0, drawCycles - 1), colorStall: 1 });
}

/** The static pass goes over all spins as a sweep does. */
export const denseSerialStaticCycles = (o: DenseSerialSchedule): CycleCounts =>
  addCycles({ static: denseSerialSweepCycles(o) });

/** One step of all N spins at once over P adders (bifurcation machines, devices.md 5.4): ⌈N²/P⌉ + t_fill. */
export const denseSynchronousStepCycles = (o: {
  readonly spins: number;
  readonly adders: number;
  readonly fillCycles: number;
}): number => Math.ceil(o.spins ** 2 / o.adders) + o.fillCycles;
