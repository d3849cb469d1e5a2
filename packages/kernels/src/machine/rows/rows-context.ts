/** Addresses of one run in one thread: what the kernels of a tile are called with. */

import { gibbsConstants } from '../../gibbs-update/gibbs-update.exports.ts';
import type { Kernels } from '../../load-kernels.ts';
import { counterBytes } from '../../random-words/random-words.exports.ts';
import { rowsPerTile } from '../../row-lanes.ts';
import type { KernelMemory } from '../../web-assembly.ts';
import type { BankLanes } from '../bank-lanes.ts';
import { type Chunk, type DrawGroup, drawGroups } from './chunks.ts';
import type { RowsBank, RowsBlock, RowsRun, RunBank } from './rows-block.ts';
import { type ScratchLayout, scratchLayout } from './scratch.ts';
import { SparseStep } from './sparse/sparse-step.ts';

export class RowsContext {
  readonly kernels: Kernels;
  readonly memory: KernelMemory;
  readonly block: RowsBlock;
  readonly run: RowsRun;
  readonly scratch: ScratchLayout;
  /** By bank index; empty for pinned banks. */
  readonly groups: readonly (readonly DrawGroup[])[];

  readonly #sparse: SparseStep[] = [];

  constructor(kernels: Kernels, memory: KernelMemory, block: RowsBlock, run: RowsRun) {
    this.kernels = kernels;
    this.memory = memory;
    this.block = block;
    this.run = run;
    this.scratch = scratchLayout(block, { feedForward: run.start === 'feed-forward' });
    this.groups = block.banks.map(({ lanes }) => (lanes.free ? drawGroups(lanes) : []));
  }

  bank(index: number): RowsBank {
    return this.block.banks[index] as RowsBank;
  }

  /** A free bank in this run. */
  at(index: number): RunBank {
    return this.run.banks[index] as RunBank;
  }

  tile(tile: number): number {
    return this.run.tileBase + tile * this.run.tileBytes;
  }

  /** The scratch area of a worker slot. */
  scratchOf(slot: number): number {
    return this.run.scratch + slot * this.run.scratchBytes;
  }

  /** Rows that exist in a tile. */
  rows(tile: number): number {
    return Math.min(rowsPerTile, this.run.rows - tile * rowsPerTile);
  }

  counters(tile: number): number {
    return this.run.counters + tile * counterBytes;
  }

  /** Draws of some blocks of a tile, as far as its rows exist. */
  draw(tile: number, out: number, prepared: number, block: number, blocks: number): void {
    const draw = this.rows(tile) > rowsPerTile / 2 ? this.kernels.drawRows : this.kernels.drawHalfRows;
    draw(out, this.run.keys, prepared, block, blocks);
  }

  /** Sparse couplings in a worker slot. */
  sparse(slot: number): SparseStep {
    this.#sparse[slot] ??= new SparseStep(this.kernels, this.memory, this.scratchOf(slot) + this.scratch.group);
    return this.#sparse[slot];
  }

  /** The last tile has constants of its own: it may have fewer rows. */
  constants({ constants }: RunBank, tile: number): number {
    return constants + (tile === this.run.tiles - 1 ? gibbsConstants.bytes : 0);
  }
}

/** From a bank's nibbles to those of a chunk's first unit, and from one unit of the chunk to the next. */
export function nibbleOffset({ quads }: BankLanes, { quad, pixel }: Chunk): number {
  return 16 * (pixel * quads + quad);
}
export function nibbleStride({ flat, quads }: BankLanes): number {
  return flat ? 16 : 16 * quads;
}
