import type { Block, BlockPlan, Program } from '@isinglass/sdk';
import { ScalarMachine } from '../scalar/scalar-machine.ts';
import type { BlockMachine } from './block-machine.ts';
import { Slicer } from './event-loop.ts';

export interface LoadMachineOptions {
  readonly program: Program;
  readonly block: Block;
  readonly plan: BlockPlan;
  /** Loading rejects with the reason of the first aborted one. */
  readonly signals: readonly AbortSignal[];
}

/** Loads one block on the machine that suits it. */
export function loadMachine({ program, block, plan, signals }: LoadMachineOptions): Promise<BlockMachine> {
  return new Slicer(signals).drain(ScalarMachine.load(program, block, plan));
}
