/**
 * What the driver asks of a machine that runs a block: the seam between the contract (promises, order, progress, traces,
 * handles) and what computes, be it kernels in threads, a GPU or a board. Each of them implements these interfaces.
 *
 * A machine watches the signals of its run while it works: every promise below rejects with the reason of the first
 * aborted one, and by then no thread touches the run any more, so that `end` may free its memory at once.
 */
import type { BlockPlan, Counters, DriverReadout, DriverRun } from '../contract/driver.ts';
import type { PackedSpins } from '../spins/packed-spins.ts';

/** One block, loaded. */
export interface BlockMachine {
  /** What it was loaded with. */
  readonly plan: BlockPlan;
  /** Throws InvalidRequestError when the run has more rows than the plan allows, before anything is allocated. */
  begin(run: DriverRun, o: BeginOptions): MachineRun;
  /** Frees what the block holds. Called once, after the last run and the last kept state have ended. */
  end(): void;
}

/** What a run has from its driver, beside the request. */
export interface BeginOptions {
  /** The state that a resumed run goes on from; it does not end before the run does. */
  readonly from: KeptState | null;
  /** The caller's signal, the program's end, the device's loss. */
  readonly signals: readonly AbortSignal[];
}

/** One run: `prepare`, then `advance` over 1 … G in one or several pieces, then `readouts`, `pack`, `keep`; `end` last. */
export interface MachineRun {
  /** Constants of the gains, static fields, the initial state. Rejects with InvalidRequestError for gains that break P132. */
  prepare(): Promise<void>;
  /**
   * Sweeps first … last (from 1, both included) of every row; sums and states of retained sweeps are taken. `onProgress`
   * gets every t once, rising, when sweep t of every row is done; what it throws rejects the promise.
   */
  advance(first: number, last: number, onProgress: (done: number) => void): Promise<void>;
  /** The present state of every free bank, one row per (image, chain). */
  pack(): Promise<Readonly<Record<string, PackedSpins>>>;
  /** In request order. */
  readouts(): Promise<readonly DriverReadout[]>;
  /** What a later run needs to go on, given the packed last state. Lives on when this run ends. */
  keep(last: Readonly<Record<string, PackedSpins>>): KeptState;
  /** States that changed in all sweeps so far. */
  readonly flips: number;
  /**
   * What else the machine counts of the run, in its own time where that is not the time of this processor: without a `deviceNs` nobody knows how long it took.
   * Asked once, after the readouts. Default: the time of this processor.
   */
  counters?(): Omit<Counters, 'flips'>;
  /** Frees what the run holds. Called exactly once, however the run went, with no call above still pending. */
  end(): void;
}

/** The state behind a handle: whatever the machine put there. */
export interface KeptState {
  /** Block.index */
  readonly block: number;
  /** Rows (images × chains) of the run that kept it. */
  readonly rows: number;
  /** Of every free bank, one row per (image, chain). */
  readonly last: Readonly<Record<string, PackedSpins>>;
  /** Frees what the state holds. Called exactly once: when the handle is released and no run goes on from it. */
  end(): void;
}
