/** A block and a run of it as the executor sees them: plain data that crosses threads, addresses in the device's memory. */
import type { Side } from '@isinglass/sdk';
import type { BankLanes } from '../bank-lanes.ts';
import type { HalfSumMap } from './half-sum-map.ts';
import type { SparseMap } from './sparse/sparse-map.ts';
import type { SparseTerms } from './sparse/sparse-terms.ts';

/** Written at load. */
export interface RowsBlock {
  readonly banks: readonly RowsBank[];
  /** In the order of a sweep. */
  readonly colors: readonly (readonly RowsPart[])[];
}

export interface RowsBank {
  readonly lanes: BankLanes;
  /** Couplings that reach this bank from free banks, and from pinned ones; empty for pinned banks. */
  readonly fromFree: readonly RowsInfluence[];
  readonly fromPinned: readonly RowsInfluence[];
}

/** One coupling seen from a bank that it reaches. */
export type RowsInfluence = {
  /** Index in the block's couplings, and which end the reached bank is. */
  readonly coupling: number;
  readonly side: Side;
  readonly giver: number;
} & ({ readonly kind: 'half-sums'; readonly map: HalfSumMap } | { readonly kind: 'sparse'; readonly map: SparseMap });

/** Spins of one bank that one color updates. */
export interface RowsPart {
  readonly bank: number;
  /** Counts the parts of a bank, in order. */
  readonly index: number;
  /** All spins of the bank have the color. */
  readonly whole: boolean;
  /** A byte per slot, 0xFF where there is a spin and it has the color; 0: every slot. */
  readonly chosen: number;
}

/** Written when a run begins. */
export interface RowsRun {
  /** See JobControl. */
  readonly control: number;
  /** Room for the round keys, which every thread writes alike before any works on the run. */
  readonly keys: number;
  /** The seed's words, low and high. */
  readonly seed: readonly [number, number];
  /** Of every tile: c2 and c3 of its rows. */
  readonly counters: number;
  /** Of the request: row r of this run is its row firstRow + r. */
  readonly firstRow: number;
  readonly rows: number;
  readonly tiles: number;
  readonly tileBase: number;
  readonly tileBytes: number;
  /** Scratch of worker slot n at scratch + n·scratchBytes; see Scratch. */
  readonly scratch: number;
  readonly scratchBytes: number;
  readonly chains: number;
  readonly sweepOffset: number;
  readonly burnIn: number;
  readonly stride: number;
  /** K: retained sweeps of the whole run. */
  readonly retained: number;
  /** One b_t per sweep, or null: all 65536. */
  readonly temperatures: Uint32Array | null;
  /** By bank index; null for pinned banks. */
  readonly banks: readonly (RunBank | null)[];
  /** By coupling index. */
  readonly couplings: readonly RunCoupling[];
  /** Where the packed rows of each bank are: inputs for pinned ones, the given states for free ones (0: none). */
  readonly sources: readonly PackedRows[];
  readonly start: 'random' | 'feed-forward' | 'given';
}

export interface PackedRows {
  readonly address: number;
  readonly rowBytes: number;
  /** Rows of one image, one after another, or one for all chains of an image. */
  readonly per: 'row' | 'image';
}

export interface RunBank {
  /**
   * `sums`: one coupling, 16 bits are enough, constant temperature: from half sums straight to new states.
   * `sparse`: one coupling, sparse or diagonal: from neighbours straight to new states.
   * `fields`: everything else, with fields as 32-bit numbers.
   */
  readonly mode: 'sums' | 'sparse' | 'fields';
  /** In mode `sparse`. */
  readonly terms: SparseTerms | null;
  /** Constants of the update (see update-constants.ts), and after them the same for the last tile, which may have fewer rows. */
  readonly constants: number;
  /** B per slot, i32; padding slots hold a field that always gives −1. */
  readonly biases: number;
  /** The same as i16; 0 where the mode is `fields`. */
  readonly biases16: number;
  /** Offsets in a tile; −1: not there. The static field is 32-bit in mode `fields`, else 16-bit; −1: the biases are all of it. */
  readonly nibbles: number;
  readonly masks: number;
  readonly field: number;
  readonly counts: number;
  readonly spinSums: number;
  readonly conditional: number;
  /** Draws of the whole bank for one sweep, `[spin][E][O]`, in mode `sparse`. */
  readonly draws: number;
  /** Packed states of retained sweeps, `[rows][K]`; 0: not wanted. */
  readonly states: number;
}

export interface RunCoupling {
  readonly M: number;
  readonly sh: number;
  /** C per class and channel, laid out as the bases of the map's only segment, by side; 0 where not needed. */
  readonly constants: Readonly<Record<Side, number>>;
}
