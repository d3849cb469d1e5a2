/**
 * The cycles of what a machine of lanes walks. The walk asks at every chunk, after every color and after every pass, so that cycles are counted where they are
 * walked; engines that share the arithmetic of lanes differ in their timing.
 */

import type { Pass } from '../host/hardware.ts';
import type { MachineCounters } from '../host/machine-counters.ts';
import type { ScheduledPhase } from './lane-schedule.ts';

export type CountedCycles = MachineCounters['cycles'];

export interface SweepTiming {
  /** Whether time passes color by color, so that each color has cycles of its own. */
  readonly byColor: boolean;
  /** `chunk` counts the chunks of all colors from 0; `tempered`: the sweep has a temperature. */
  afterChunk(
    cycles: CountedCycles,
    phase: ScheduledPhase,
    o: { readonly pass: Pass; readonly chunk: number; readonly tempered: boolean },
  ): void;
  /** Also of colors that have no spins. */
  afterColor(cycles: CountedCycles, pass: Pass): void;
  afterPass(cycles: CountedCycles, pass: Pass, o: { readonly colors: number }): void;
}
