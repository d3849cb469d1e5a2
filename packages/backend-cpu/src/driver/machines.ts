/** Which machines a device has for its blocks, and what those share: the seam between the driver and kinds of machines. */
import type { Block, BlockPlan, Program } from '@isinglass/sdk';
import type { HandlerModule } from '../threads/workers.ts';
import type { BlockMachine } from './block-machine.ts';
import type { KernelHost, KernelInit } from './kernel-host.ts';

/** The machines of one open device. */
export interface Machines {
  /** Pure. Looks at every weight, so it may take a while the first time. */
  footprint(program: Program, block: Block): MemoryFootprint;
  /** Afterwards footprint knows the block. In slices: rejects with the reason of the first aborted signal. */
  measure(program: Program, block: Block, signals: readonly AbortSignal[]): Promise<void>;
  load(o: LoadMachineOptions): Promise<BlockMachine>;
  /** Aborted with a DeviceLostError when a thread that the machines need dies. */
  readonly lost: AbortSignal;
  /** Ends what the machines share. Idempotent; also after a loss. */
  close(): Promise<void>;
}

/** What a block takes in memory: closed forms, known before anything is allocated. */
export interface MemoryFootprint {
  /** Held while the program is loaded, beyond its own tensors. */
  readonly loadedBytes: number;
  /** Held by a run whatever its rows. */
  readonly runBytes: number;
  /** Held by a run for each row (image, chain). */
  readonly bytesPerRow: number;
  /** Rows of one run from which on more rows are no faster. */
  readonly rowsPreferred: number;
}

export interface LoadMachineOptions {
  readonly program: Program;
  readonly block: Block;
  readonly plan: BlockPlan;
  /** Loading rejects with the reason of the first aborted one. */
  readonly signals: readonly AbortSignal[];
}

/** A kind of machine that runs blocks of the fixed law with kernels M, R: what `cpu` is beside the scalar machine. */
export interface KernelMachines<M, R> {
  /** What the threads of a device load. */
  readonly handler: HandlerModule<KernelInit, M, R>;
  /** Pure. */
  footprint(program: Program, block: Block, o: { readonly threads: number }): MemoryFootprint;
  /** The work of footprint, which then knows the block; none where it is quick. */
  measure?(program: Program, block: Block, o: { readonly threads: number }): Generator<void, unknown, void>;
  load(o: LoadMachineOptions, host: KernelHost<M, R>): Promise<BlockMachine>;
}
