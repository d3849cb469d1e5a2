/**
 * What the driver asks of a machine that runs blocks: the seam between the contract (promises, order, cancellation,
 * progress) and the kernels (synchronous work in slices). Every set of kernels implements these two interfaces.
 */
import type { BlockPlan, DriverReadout, DriverRun, PackedSpins } from '@isinglass/sdk';
import type { Work } from '../scalar/work.ts';

/** One block, loaded. */
export interface BlockMachine {
  readonly plan: BlockPlan;
  /** Throws InvalidRequestError when the run has more rows than the plan allows, before anything is allocated. */
  begin(run: DriverRun, from: KeptState | null): MachineRun;
}

/** One run. The driver drains `prepare`, then `sweep(1)` … `sweep(G)`. */
export interface MachineRun {
  /** Constants of the gains, static fields, the initial state. Throws InvalidRequestError for gains that break P132. */
  prepare(): Work;
  /** Sweep t of every row; sums and states of retained sweeps are taken. */
  sweep(t: number): Work;
  /** The present state of every free bank, one row per (image, chain). */
  pack(): Generator<void, Readonly<Record<string, PackedSpins>>, void>;
  /** In request order. */
  readouts(): readonly DriverReadout[];
  /** What a later run needs to go on, given the packed last state. */
  keep(last: Readonly<Record<string, PackedSpins>>): KeptState;
  /** States that changed in all sweeps so far. */
  readonly flips: number;
}

/** The state behind a handle: whatever the machine put there. */
export interface KeptState {
  readonly block: number;
  readonly rows: number;
  readonly last: Readonly<Record<string, PackedSpins>>;
}
