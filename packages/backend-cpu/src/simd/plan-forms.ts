/** What a block takes in device memory, both lane forms together: known from its weights before anything is allocated. */
import type { Block, Program } from '@isinglass/sdk';
import { type BlockPlanning, planBlock } from './rows/plan-block.ts';
import { runFootprint } from './rows/run-setup.ts';

/** Bytes; bytesPerRow is that of a row in the form that takes more. */
export interface FormsFootprint {
  readonly loadedBytes: number;
  readonly runBytes: number;
  readonly bytesPerRow: number;
}

/** Footprints of blocks that were asked about; what they were derived from is large, and not kept. */
const footprints = new WeakMap<Block, Map<number, FormsFootprint>>();

export function planForms(program: Program, block: Block, threads: number): FormsFootprint {
  const known = footprints.get(block) ?? new Map<number, FormsFootprint>();
  footprints.set(block, known);
  const found = known.get(threads) ?? footprintOf(drained(planBlock(program, block)), threads);
  known.set(threads, found);
  return found;
}

function footprintOf(planning: BlockPlanning, threads: number): FormsFootprint {
  const { runBytes, bytesPerRow } = runFootprint(planning, { workers: threads });
  return { loadedBytes: planning.bytes, runBytes, bytesPerRow };
}

function drained<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}
