/** A block and a run of it as the one-row executor sees them: plain data that crosses threads, addresses in the device's memory. */
import type { Side } from '@isinglass/sdk';
import type { BankLanes } from '../bank-lanes.ts';
import type { PackedRows } from '../rows/rows-block.ts';
import type { ListedSumMap } from './listed-sum-map.ts';
import type { SpinLanes } from './spin-lanes.ts';
import type { SpinSumMap } from './spin-sum-map.ts';

/** Written at load. */
export interface SpinsBlock {
  readonly banks: readonly SpinsBank[];
  /** In the order of a sweep. */
  readonly colors: readonly (readonly SpinsPart[])[];
}

export interface SpinsBank {
  readonly lanes: BankLanes;
  readonly spins: SpinLanes;
  /** 16 bytes a unit: 16, 32, 64, 128 by lane, 0 where there is no spin; `bitsStride` bytes to the next unit. */
  readonly bits: number;
  readonly bitsStride: 16 | 0;
  /** See drawOffsets; 0: units are in order. */
  readonly drawOffsets: number;
  /** u32 per spin: its slot; 0 for banks that are not listed. */
  readonly slots: number;
  /** Couplings that reach this bank from free banks, and from pinned ones; empty for pinned banks. */
  readonly fromFree: readonly SpinsInfluence[];
  readonly fromPinned: readonly SpinsInfluence[];
}

/** One coupling seen from a bank that it reaches. */
export interface SpinsInfluence {
  /** Index in the block's couplings, and which end the reached bank is. */
  readonly coupling: number;
  readonly side: Side;
  readonly giver: number;
  readonly map: SpinSumMap | ListedSumMap;
}

/** Spins of one bank that one color updates. */
export interface SpinsPart {
  readonly bank: number;
  /** Consecutive units that have spins of the color. */
  readonly unit: number;
  readonly units: number;
  /** A byte per slot, 0xFF where the spin has the color; 0: all of these units have it. */
  readonly chosen: number;
}

/** Written when a run begins. A tile is one row; the names are those of the 16-row form. */
export interface SpinsRun {
  /** See JobControl. */
  readonly control: number;
  /** Room for the round keys, which every thread writes alike. */
  readonly keys: number;
  /** The seed's words, low and high. */
  readonly seed: readonly [number, number];
  /** c2 and c3 of every row, u32 pairs. */
  readonly counters: number;
  /** Of the request: row r of this run is its row firstRow + r. */
  readonly firstRow: number;
  readonly rows: number;
  /** As many as rows. */
  readonly tiles: number;
  readonly tileBase: number;
  readonly tileBytes: number;
  /** Scratch of worker slot n at scratch + n·scratchBytes; see spinsScratch. */
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
  readonly banks: readonly (SpinsRunBank | null)[];
  /** By coupling index. */
  readonly couplings: readonly SpinsRunCoupling[];
  /** Where the packed rows of each bank are: inputs for pinned ones, the given states for free ones (address 0: none). */
  readonly sources: readonly PackedRows[];
  readonly start: 'random' | 'feed-forward' | 'given';
  /** Table of T (min(T, 65535) − 32768 as i16) from −limit to limit: beyond, T is 0 or 65536. */
  readonly table: number;
  readonly limit: number;
}

export interface SpinsRunBank {
  /**
   * `sums`: one coupling, 16 bits are enough, constant temperature: from half sums straight to new states.
   * `fields`: everything else, with fields as 32-bit numbers.
   */
  readonly mode: 'sums' | 'fields';
  /** See spins-constants.ts. */
  readonly constants: number;
  /** B in the 32-bit form `[unit][E][O]`, and the same as i16; the latter 0 where the mode is `fields`. */
  readonly biases: number;
  readonly biases16: number;
  /** Offsets in a tile; −1: not there. The static field is 16-bit in mode `sums`, else 32-bit; −1: the biases are all of it. */
  readonly nibbles: number;
  readonly masks: number;
  readonly field: number;
  readonly counts: number;
  readonly spinSums: number;
  readonly conditional: number;
  /** Draws of the whole bank in one sweep, of listed banks. */
  readonly draws: number;
  /** Packed states of retained sweeps, `[rows][K]`; 0: not wanted. */
  readonly states: number;
}

export interface SpinsRunCoupling {
  readonly M: number;
  readonly sh: number;
  /** C per class and lane, laid out as the bases of the map's only segment, by side; 0 where not needed. */
  readonly constants: Readonly<Record<Side, number>>;
}
