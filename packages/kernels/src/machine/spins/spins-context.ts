/** Addresses of one run of single rows in one thread: what the kernels of a row are called with. */

import type { Kernels } from '../../load-kernels.ts';
import type { KernelMemory } from '../../web-assembly.ts';
import type { SpinsBank, SpinsBlock, SpinsPart, SpinsRun, SpinsRunBank } from './spins-block.ts';
import { type SpinsScratch, spinsScratch } from './spins-scratch.ts';
import { type StretchCall, stretchCall } from './stretch-calls.ts';
import { type Stretch, stretchesOf } from './stretches.ts';

export class SpinsContext {
  readonly kernels: Kernels;
  readonly memory: KernelMemory;
  readonly block: SpinsBlock;
  readonly run: SpinsRun;
  readonly scratch: SpinsScratch;
  /** By bank index; empty for pinned banks. */
  readonly stretches: readonly (readonly Stretch[])[];
  /** The stretches of every part of every color. */
  readonly colors: readonly (readonly { readonly part: SpinsPart; readonly stretches: readonly Stretch[] }[])[];
  /** The updates of every color. */
  readonly calls: readonly (readonly StretchCall[])[];
  /** See SpinsRun.counters. */
  readonly counters: Uint32Array;

  constructor(kernels: Kernels, memory: KernelMemory, block: SpinsBlock, run: SpinsRun) {
    this.kernels = kernels;
    this.memory = memory;
    this.block = block;
    this.run = run;
    this.scratch = spinsScratch(
      block.banks.map(({ spins }) => spins),
      { feedForward: run.start === 'feed-forward' },
    );
    this.stretches = block.banks.map(({ spins }) => (spins.lanes.free ? stretchesOf(spins) : []));
    this.colors = block.colors.map((parts) =>
      parts.map((part) => ({
        part,
        stretches: (this.stretches[part.bank] ?? []).filter(
          ({ unit }) => unit >= part.unit && unit < part.unit + part.units,
        ),
      })),
    );
    this.calls = this.colors.map((parts) =>
      parts.flatMap(({ part, stretches }) =>
        stretches.map((stretch) => stretchCall(kernels, block, run, part, stretch)),
      ),
    );
    this.counters = new Uint32Array(memory.buffer, run.counters, 2 * run.rows);
    kernels.prepareKeys(run.keys, run.seed[0], run.seed[1]);
  }

  bank(index: number): SpinsBank {
    return this.block.banks[index] as SpinsBank;
  }

  /** A free bank in this run. */
  at(index: number): SpinsRunBank {
    return this.run.banks[index] as SpinsRunBank;
  }

  row(row: number): number {
    return this.run.tileBase + row * this.run.tileBytes;
  }

  /** The scratch area of a worker slot. */
  scratchOf(slot: number): number {
    return this.run.scratch + slot * this.run.scratchBytes;
  }

  /** Nibbles and masks of a stretch of a free bank of a row; 0: not there. */
  statesOf(
    bank: number,
    row: number,
    { unit, nibbles }: Stretch,
  ): { readonly nibbles: number; readonly masks: number } {
    const at = this.at(bank);
    const base = this.row(row);
    return {
      nibbles: at.nibbles < 0 ? 0 : base + at.nibbles + nibbles,
      masks: at.masks < 0 ? 0 : base + at.masks + 16 * unit,
    };
  }
}
