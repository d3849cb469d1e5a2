/** What a block takes in device memory, both lane forms together: known from its weights before anything is allocated. */

import type { Block, Program } from '@isinglass/sdk';
import { rowsPerTile } from '../row-lanes.ts';
import { planBlock } from './rows/plan-block.ts';
import { runFootprint } from './rows/run-setup.ts';
import { planSpins } from './spins/load-spins.ts';
import { spinsRunFootprint } from './spins/set-up-spins-run.ts';

/** Bytes; bytesPerRow is that of a row of a full tile. */
export interface FormsFootprint {
  readonly loadedBytes: number;
  readonly runBytes: number;
  readonly bytesPerRow: number;
}

/** Footprints of blocks that were asked about; what they were derived from is large, and not kept. */
const footprints = new WeakMap<Block, Map<number, FormsFootprint>>();

/** In slices; quick where the block is known. */
export function* planForms(program: Program, block: Block, threads: number): Generator<void, FormsFootprint, void> {
  const known = footprints.get(block) ?? new Map<number, FormsFootprint>();
  footprints.set(block, known);
  const found = known.get(threads) ?? (yield* footprintOf(program, block, threads));
  known.set(threads, found);
  return found;
}

function* footprintOf(program: Program, block: Block, workers: number): Generator<void, FormsFootprint, void> {
  const rows = yield* planBlock(program, block);
  const rowsRun = runFootprint(rows, { workers });
  const spins = yield* planSpins(program, block);
  const spinsRun = spinsRunFootprint(spins, { workers });
  // Fewer rows than a tile are left over. As one more tile they take as much as a full one; with spins as lanes, what that form takes.
  const left = (rowsPerTile - 1) * Math.max(rowsRun.bytesPerRow, spinsRun.bytesPerRow - rowsRun.bytesPerRow);
  // Sums on their way out: at most one batch of images per thread, no more than all images together and one each.
  const sumBytes = 4 * rows.lanes.reduce((most, { free, spinCount }) => Math.max(most, free ? spinCount : 0), 0);
  return {
    loadedBytes: rows.bytes + spins.bytes,
    runBytes: rowsRun.runBytes + spinsRun.runBytes + left + workers * sumBytes,
    bytesPerRow: rowsRun.bytesPerRow + sumBytes,
  };
}
