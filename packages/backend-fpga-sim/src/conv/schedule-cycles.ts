/** The cycles of a schedule: walked once, for no data change them. */
import { generatorEntry } from '../generators/catalogue.ts';
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import { totalCycles } from '../timing/add-cycles.ts';
import type { CycleCounts } from '../timing/cycle-causes.ts';
import { cyclesPerWeightRow } from './conv-memory-map.ts';
import type { ConvSchedule } from './conv-schedule.ts';
import { halfSweepCycles, type WalkShape } from './half-sweep-walk.ts';

export interface ScheduleCycles {
  /** Of the static pass; their cause is `static`, whatever the array does. */
  readonly static: number;
  /** By half-sweep, in order. */
  readonly halfSweeps: readonly CycleCounts[];
}

export function scheduleCycles(schedule: ConvSchedule, p: ConvParameters): ScheduleCycles {
  const shape: WalkShape = {
    pixels: p.pixels,
    samplers: p.samplers,
    fillCycles: p.fillCycles,
    cyclesPerDraw: generatorEntry(p.generator).cyclesPerDraw,
    cyclesPerWeightRow: schedule.streamed ? cyclesPerWeightRow(p) : 0,
  };
  return {
    static: schedule.staticPass.reduce(
      (sum, tiles) => sum + totalCycles(halfSweepCycles(tiles, { ...shape, cyclesPerDraw: 0 })),
      0,
    ),
    halfSweeps: schedule.sweep.map((tiles) => halfSweepCycles(tiles, shape)),
  };
}
