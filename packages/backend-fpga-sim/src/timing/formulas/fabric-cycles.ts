/**
 * Cycles where every spin has a circuit of its own (devices.md 5.1). Know nothing of the emulator's walk, which they are a witness of.
 */
import { addCycles } from '../add-cycles.ts';
import type { CycleCounts } from '../cycle-causes.ts';

export interface FabricSchedule {
  /** C. */
  readonly colors: number;
  /** k. */
  readonly cyclesPerColor: number;
  readonly phases: 'sequential' | 'shifted';
}

/** A sweep: k for each of C colors, or one where the clocks of colors are shifted in phase. */
export const fabricSweepCycles = (o: FabricSchedule): number =>
  o.phases === 'shifted' ? 1 : o.colors * o.cyclesPerColor;

/** A sweep, or a random start, where a circuit waits for its one number of the sweep if that takes longer: `drawCycles`, 10 for philox. */
export function fabricPassCycles({ drawCycles, ...o }: FabricSchedule & { readonly drawCycles: number }): CycleCounts {
  const sample = fabricSweepCycles(o);
  return addCycles({ sample, rngStall: Math.max(0, drawCycles - sample) });
}

/** The static pass: fields are latched. */
export const fabricStaticCycles: CycleCounts = addCycles({ static: 1 });
