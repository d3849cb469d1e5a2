/** What a session is asked and what it answers. */
import type { Counters, TimelineSink } from '../contract/driver.ts';
import type { PackedSpins } from '../spins/packed-spins.ts';
import type { HostTensor } from './host-runtime.ts';

/** One value for every block, one per block in program order, or by block id (others keep the program's). */
export type PerBlock<T> = T | readonly T[] | Readonly<Record<string, T>>;

/** A spin input is float32 (semantics 2.7) or packed; any other input has the dtype that the program says. */
export type SessionInput = HostTensor | PackedSpins;

export interface SessionRunOptions {
  /** 0 … 2⁶⁴ − 1; every block draws from it by its own index. */
  readonly seed: bigint;
  readonly sweeps?: PerBlock<number>;
  readonly burnIn?: PerBlock<number>;
  readonly stride?: PerBlock<number>;
  readonly chains?: PerBlock<number>;
  /** By gain id, for example `{ delta: 0.2 }`; blocks without that gain are left alone, a gain of no block is an error. */
  readonly gains?: Readonly<Record<string, PerBlock<number>>>;
  /** What the blocks sum before they take signs; default: the program's readouts. */
  readonly readout?: PerBlock<'spin-sum' | 'conditional-sum'>;
  /** Default: the program's. */
  readonly start?: PerBlock<'random' | 'feed-forward'>;
  /** Spin values (`Readout.signs`) whose sums the report carries as well. */
  readonly sums?: readonly string[];
  /** Global number of the first image (semantics 5.1); default 0. */
  readonly imageOffset?: number;
  /** Images that go through the stages together; default: what the device prefers. Does not change any result. */
  readonly batch?: number;
  /** Where the device's own time goes, over all blocks and images, a `Timeline`; devices that are not emulated refuse it (UnsupportedError). */
  readonly timeline?: TimelineSink;
  readonly signal?: AbortSignal;
  /** From this call on; then DeadlineExceededError. */
  readonly deadlineMs?: number;
}

/** How far a session's run is. Never goes back. */
export interface Progress {
  readonly images: number;
  /** Images that went through every stage. */
  readonly imagesDone: number;
  /** Id of the stage that moved last. */
  readonly stage: string;
  /** Of all sweeps of all blocks and images, 0 … 1. */
  readonly fraction: number;
}

export interface RunReport {
  /** The program's outputs, by name; spin values are packed, one row per image. */
  readonly outputs: Readonly<Record<string, HostTensor | PackedSpins>>;
  /** For the values named in `sums`: `[images][spins]`, exact integers. */
  readonly sums: Readonly<Record<string, Float64Array<ArrayBuffer>>>;
  readonly images: number;
  /** In program order. */
  readonly blocks: readonly BlockReport[];
  /** Sweeps of all blocks together, per chain. */
  readonly sweeps: number;
  /** Semantics 3.8, over all blocks. */
  readonly updates: number;
  readonly synapticOperations: number;
  /** What the device counted, over all blocks; what it left out in one of them is unknown. */
  readonly counters: Counters;
  /** Wall-clock seconds of the whole run. */
  readonly seconds: number;
}

export interface BlockReport {
  readonly id: string;
  readonly index: number;
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
  readonly chains: number;
  readonly gains: Readonly<Record<string, number>>;
  readonly updates: number;
  readonly synapticOperations: number;
  /** What the device counted, over all batches; what it left out in one of them is unknown. */
  readonly counters: Counters;
  /** Wall-clock seconds during which at least one batch of this block was on the device. */
  readonly seconds: number;
}

/** A running session: iterate for progress, await for the report. */
export type SessionRun = AsyncIterable<Progress> & PromiseLike<RunReport>;
