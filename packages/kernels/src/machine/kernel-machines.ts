/** A kind of machine for blocks of the fixed law, and what it is made of. */
import type { Block, Program } from '@isinglass/sdk';
import type { BlockMachine, LoadMachineOptions, MemoryFootprint } from '@isinglass/sdk/machine-driver';
import type { KernelHost, KernelInit } from './kernel-host.ts';
import type { HandlerModule } from './threads/workers.ts';

/** Runs blocks of the fixed law with kernels that take messages M and answer R: the kernels of this package, or what a test puts in their place. */
export interface KernelMachines<M, R> {
  /** What the threads of a device load. */
  readonly handler: HandlerModule<KernelInit, M, R>;
  /** Pure. */
  footprint(program: Program, block: Block, o: { readonly threads: number }): MemoryFootprint;
  /** The work of footprint, which then knows the block; none where it is quick. */
  measure?(program: Program, block: Block, o: { readonly threads: number }): Generator<void, unknown, void>;
  load(o: LoadMachineOptions, host: KernelHost<M, R>): Promise<BlockMachine>;
}
