/** The seam between a run and what makes its sweeps: kernels color by color, or one that makes many sweeps of a small block. */
import type { DriverRun, PackedSpins, ReadoutRequest } from '@isinglass/sdk';
import type { GpuBank } from '../block/gpu-block.ts';
import type { LoadedBlock } from '../block/loaded-block.ts';
import type { RunHost } from '../gpu/run-host.ts';
import type { RowSums } from './read-sums.ts';
import type { RetainedStates } from './retained-states.ts';
import type { RunLaw } from './run-law.ts';

/** What sweeps are made of. */
export interface RunContext {
  readonly host: RunHost;
  readonly block: LoadedBlock;
  readonly run: DriverRun;
  readonly law: RunLaw;
  /** Images × chains. */
  readonly rows: number;
}

/** One run's states on the GPU, and what moves them. Its buffers are the host's. */
export interface RunSweeps {
  /** To be read whenever they are full: `add` does not go beyond. */
  readonly states: RetainedStates;
  /** The random start (semantics 5.4). */
  tossCoins(): Promise<void>;
  /** The feed-forward start (semantics 4.8). */
  feedForward(): Promise<void>;
  /** A start from these states: every free bank, one row per (image, chain). */
  place(start: Readonly<Record<string, PackedSpins>>): Promise<void>;
  /** Adds sweep `first`, and those after it that go with it, to what is submitted, none after `last`: which was the last. */
  add(first: number, last: number): Promise<number>;
  /** The present state of every free bank, one row per (image, chain). */
  pack(): Promise<Readonly<Record<string, PackedSpins>>>;
  /** States that changed in all sweeps so far. */
  flips(): Promise<number>;
  /** Of a readout of the run. */
  sumsOf(bank: GpuBank, observable: Exclude<ReadoutRequest['observable'], 'state'>): RowSums;
}
