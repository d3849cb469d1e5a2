/**
 * What a user asks of a program on a device, and what comes back. A request is one run of one block; everything that it
 * leaves out is the program's own. The device checks it, splits it into driver calls, and merges their results exactly.
 */
import type { Counters, ReadoutRequest, Start, StateHandle, TimelineSink, TraceListener } from '../contract/driver.ts';
import type { PackedSpins, Words } from '../spins/packed-spins.ts';

export interface RunRequest {
  /** `Block.index`, not the place in the list of stages. */
  readonly block: number;
  /** The global number of each image (semantics 5.1); a count n means 0 … n − 1. */
  readonly images: number | Words;
  /** Per pinned bank, one row per image. Borrowed until the promise settles. */
  readonly inputs?: Readonly<Record<string, PackedSpins>>;
  /** 0 … 2⁶⁴ − 1, used whole. */
  readonly seed: bigint;
  /** ≥ 1; default: the program's. */
  readonly sweeps?: number;
  /**
   * Sweeps discarded first. Default: the program's; with `sweeps` given and a program whose burn-in is a quarter of its
   * sweeps (the default of semantics 1.7), a quarter of the request's.
   */
  readonly burnIn?: number;
  /** Sweeps per retained sample, ≥ 1; default: the program's. */
  readonly stride?: number;
  /** Independent Markov chains per image, ≥ 1; default: the program's. */
  readonly chains?: number;
  /** Global number of the first chain; default 0. */
  readonly chainOffset?: number;
  /** Sweeps done before this run (semantics 2.5): shifts the random numbers and nothing else; default 0. */
  readonly sweepOffset?: number;
  /** Values of runtime gains, by id; absent ones keep the program's. */
  readonly gains?: Readonly<Record<string, number>>;
  /** One b_t in 0 … 65536 per sweep of this run (semantics 4.5); null: all 65536; absent: the program's schedule. */
  readonly temperatures?: Words | null;
  /** Default: the program's `schedule.init`. A `resume` handle comes from an earlier result of the same block. */
  readonly start?: Start;
  /** Keep the last state, to go on from it: as data (`last`), as a handle, or not at all (default). */
  readonly keep?: 'nothing' | 'host' | 'device';
  /** Default: the program's readouts, sums and signs. */
  readonly readouts?: readonly ReadoutRequest[];
  /** The run rejects with its reason within 100 ms of the abort. */
  readonly signal?: AbortSignal;
  /** From this call on, waiting in the queue included; then DeadlineExceededError. */
  readonly deadlineMs?: number;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Sees every sweep; only for runs that need no splitting. */
  readonly trace?: TraceListener;
  /**
   * Where the device's own time goes, a `Timeline`: spans are added while the run goes on, also of one that fails later. Other devices than emulated ones refuse
   * it (UnsupportedError).
   */
  readonly timeline?: TimelineSink;
}

/** How far a run is, over all the driver calls that it was split into. Never goes back. */
export interface RunProgress {
  /** Sweeps done, averaged over the rows and rounded down. */
  readonly sweepsDone: number;
  readonly sweeps: number;
  /** Rows whose sweeps are all done; one row is one (image, chain) pair. */
  readonly rowsDone: number;
  readonly rows: number;
}

export interface RunResult {
  /** In request order. */
  readonly readouts: readonly ReadoutResult[];
  /** With `keep: 'host'`: every free bank, row = image · chains + chain. */
  readonly last?: Readonly<Record<string, PackedSpins>>;
  /** With `keep: 'device'`: belongs to the caller, who releases it. */
  readonly handle?: StateHandle;
  /** What the run came to after defaults. */
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
  readonly chains: number;
  /** Every runtime gain of the block. */
  readonly gains: Readonly<Record<string, number>>;
  /** Retained sweeps K = ⌊(sweeps − burnIn) / stride⌋ per chain (semantics 1.7). */
  readonly retained: number;
  /** Semantics 3.8. */
  readonly work: { readonly updates: number; readonly synapticOperations: number };
  /** Sums of what every driver call reported; a counter that one of them left out is absent. */
  readonly counters: Counters;
  /** Wall-clock seconds from the first driver call to the last result; waiting in the queue is not part of it. */
  readonly seconds: number;
}

export interface ReadoutResult {
  readonly request: ReadoutRequest;
  /** `[images][spins]`, exact integers; divide by K · chains (and 65536 for `conditional-sum`) for a mean. */
  readonly sums?: Float64Array<ArrayBuffer>;
  /** One row per image. */
  readonly signs?: PackedSpins;
  /** `state`: rows `[images][chains][K]`. */
  readonly states?: PackedSpins;
}

/** Bounds on memory, checked before anything is allocated. */
export interface ResourceLimits {
  /**
   * Bytes on the device of one program with its rows in flight, as `Plan` counts them. Runs are split to stay below;
   * a program that cannot does not fit. Default: unlimited.
   */
  readonly bytesMax?: number;
  /** Bytes of the results of one run on the host; a larger request is refused. Default: 2 GiB. */
  readonly resultBytesMax?: number;
}
