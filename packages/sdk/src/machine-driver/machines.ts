/** The machines of one device, and what they share: the seam between the driver and what really computes. */
import type { BlockPlan, Misfit, Plan } from '../contract/driver.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import type { BlockMachine } from './block-machine.ts';

/** The machines of one open device: what a backend gives to `MachineDriver`. */
export interface Machines {
  /** What `Driver.plan` answers. Pure; all misfits at once. May take a while for a program that was never measured. */
  plan(program: Program): Plan | readonly Misfit[];
  /**
   * Called before `load` plans, for each block in program order: does what takes long in `plan`, in slices, and remembers
   * it. Rejects with the reason of the first aborted signal. Default: nothing to do.
   */
  measure?(program: Program, block: Block, signals: readonly AbortSignal[]): Promise<void>;
  /** Loads one block; or rejects, and holds nothing of it then. Blocks of a program are loaded one after the other. */
  load(o: LoadMachineOptions): Promise<BlockMachine>;
  /** A loaded program as the machines hold it, where that is not what they were given: with their rounding, their errors. Default: as it is. */
  effective?(program: Program): Program | Promise<Program>;
  /** Whether runs fill the timeline that they are given. Default: no. */
  readonly fillsTimelines?: boolean;
  /** Aborted with a DeviceLostError when something that the machines need dies; not by `close`. */
  readonly lost: AbortSignal;
  /** Ends what the machines share. Called once, after every run and load has settled and every block has ended; also after a loss. */
  close(): Promise<void>;
}

/** One block to be loaded. */
export interface LoadMachineOptions {
  /** Immutable, tensors included, and borrowed until the machine ends. */
  readonly program: Program;
  readonly block: Block;
  /** What `plan` said of this block. */
  readonly plan: BlockPlan;
  /** The caller's, the device's end, its loss. Loading rejects with the reason of the first aborted one. */
  readonly signals: readonly AbortSignal[];
}
