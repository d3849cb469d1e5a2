/**
 * Sweeps, burn-in, readout of every block.
 *
 * Defaults: G = 187 sweeps, ⌊G/4⌋ = 46 discarded, so K = 141 are kept: an odd number, so that a sum of ±1 is never zero
 * and no sign is decided by the tie rule.
 */
import type { Observable, Schedule } from '@isinglass/sdk';
import type { ColoredBlock } from '../color/color-block-pass.ts';
import type { Pass } from '../pipeline/pass.ts';
import { mapBlocks, type StagedModel } from '../pipeline/staged-model.ts';

/** How a block is run unless a run says otherwise. */
export interface BlockSchedule {
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
  readonly chains: number;
  readonly init: Schedule['init'];
  readonly observable: Exclude<Observable, 'state'>;
  readonly tie: 1 | -1;
}

/** A block that is ready to be written. */
export interface ScheduledBlock extends ColoredBlock {
  readonly schedule: BlockSchedule;
}

/** G where nothing else is asked for. */
export const defaultSweeps = 187;

/** ⌊G/4⌋, the paper's burn-in (section 2.3). */
export function defaultBurnIn(sweeps: number): number {
  return Math.floor(sweeps / 4);
}

/** K of semantics 1.7: sweeps that are kept. */
export function retainedSweeps(schedule: Pick<BlockSchedule, 'sweeps' | 'burnIn' | 'stride'>): number {
  return Math.floor((schedule.sweeps - schedule.burnIn) / schedule.stride);
}

/** `schedules` has one entry per block. */
export function schedulePass(
  schedules: readonly BlockSchedule[],
): Pass<StagedModel<ColoredBlock>, StagedModel<ScheduledBlock>> {
  return {
    name: 'schedule',
    version: '1',
    run: (model, context) =>
      mapBlocks(model, context, (block, index) => {
        const schedule = schedules[index] as BlockSchedule;
        const samples = retainedSweeps(schedule) * schedule.chains;
        if (schedule.observable === 'spin-sum' && samples % 2 === 0) {
          context.report({
            code: 'even-samples',
            severity: 'warning',
            message: `${samples} samples per spin: sums of an even number of ±1 can be zero, and then the tie rule decides the sign`,
            where: block.model.id,
            hint: 'change sweeps, burnIn or stride by one, or read conditional-sum',
          });
        }
        return { ...block, schedule };
      }),
  };
}
