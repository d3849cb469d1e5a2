/**
 * What differs between the fixed and the real law. Everything else (couplings, order of updates, random numbers,
 * readouts) is shared: both laws end in a threshold, the number of 16-bit draws that give +1 (semantics 4.6, 7).
 *
 * Fields and thresholds lie spin by spin, one number per row: `field[spin · rows + row]`.
 */
import type { RowPacking } from './row-packing.ts';

export interface RunLaw {
  /** How states are packed for the couplings' sums. */
  readonly packing: RowPacking;
  /** Bias of every spin of a free bank, in units of the field, gains applied. */
  bias(bank: string): ArrayLike<number>;
  /** field += the contribution of one coupling whose packed sums are `acc`, for the listed spins. */
  addContribution(coupling: string, o: Contribution): void;
  /** thresholds = how many draws of 65536 give +1, for the listed spins. `temperature` is b_t (semantics 4.5). */
  setThresholds(o: Thresholds): void;
  /** As addContribution, for sums over means instead of states, one row per lane (semantics 4.8). */
  addMeanContribution(coupling: string, o: Contribution): void;
  /** means = what a visited spin lends to the feed-forward start, for the listed spins. */
  setMeans(o: {
    readonly spins: Uint32Array;
    readonly rows: number;
    readonly field: Float64Array;
    readonly means: Float64Array;
  }): void;
}

export interface Contribution {
  readonly spins: Uint32Array;
  readonly rows: number;
  readonly field: Float64Array;
  /** `[spin][lane]` */
  readonly acc: Float64Array;
}

export interface Thresholds {
  readonly spins: Uint32Array;
  readonly rows: number;
  readonly field: Float64Array;
  readonly temperature: number;
  readonly thresholds: Int32Array;
}
