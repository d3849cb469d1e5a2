/** The seam between a machine (promises, order, readouts, handles) and the law that moves its spins. */
import type { DriverRun, Program } from '@isinglass/sdk';
import type { BlockStructure } from '../block-structure.ts';

/** The rows of one run, image-major: row = image · chains + chain. */
export interface MachineRows {
  readonly count: number;
  /** ±1, rows × spins by flat number (see block-structure.ts); pinned spins included. */
  readonly states: Int8Array;
  /** The n of every free spin's last update, P(up) = n/65536; same layout. */
  readonly plusDraws: Int32Array;
}

/** Moves the spins of one run. */
export interface Sampler {
  /** Sets the free spins of every row as the run starts (semantics 1.6). */
  begin(start: 'random' | 'feed-forward'): void;
  /** Sweep t = 1 … G of `count` rows from `first` on; returns how many spins changed. */
  sweepRows(first: number, count: number, t: number): number;
  /** Rows that are best swept in one call, which should last well below a millisecond. */
  readonly rowsAtOnce: number;
}

/**
 * What a law needs of a block is prepared once, at load. A run's sampler is made when pinned spins, given or resumed states are in their
 * places; it throws InvalidRequestError for gains that break the law.
 */
export type PrepareBlock = (
  program: Program,
  structure: BlockStructure,
) => (run: DriverRun, rows: MachineRows) => Sampler;
