/**
 * A machine as its host sees it: 32-bit words at word addresses, and time. The emulated machines implement it, and so does generated SystemVerilog in a
 * simulator, so that one driver runs on both and nothing is known of a machine that its registers and memories do not show.
 */
import type { CycleCause } from '../timing/cycle-causes.ts';

export interface Hardware {
  /** Writes consecutive words from a word address on. */
  write(address: number, words: Uint32Array): void | Promise<void>;
  /** Reads consecutive words from a word address on. */
  read(address: number, count: number): Uint32Array | Promise<Uint32Array>;
  /** Lets the machine work for at most so many of its cycles, at least one sweep's. Whether it is idle then (bit 0 of STATUS is clear). */
  run(cyclesMax: number): boolean | Promise<boolean>;
  /**
   * Emulated machines tell what they have just done, as often as it changes; null: no longer. Takes no time of the machine. Hardware has no such thing, and a
   * driver lives without.
   */
  watch?(listener: ((mark: PassMark) => void) | null): void;
  /** Frees what the machine holds; no call afterwards. */
  end(): void;
}

/** Random initial states, the fields that pinned spins make, or a sweep. */
export type Pass = 'start' | 'static' | 'sweep';

/** What a machine has just done. */
export interface PassMark {
  readonly pass: Pass;
  /** A color phase of it, from 0 in the order of the schedule; null: the whole of it. */
  readonly phase: number | null;
  /** Counted so far; the machine goes on counting in it. */
  readonly cycles: Readonly<Record<CycleCause, number>>;
}

/** Words of one window; a word address is `window · wordsPerWindow + offset`. */
export const wordsPerWindow = 2 ** 24;

/** Where the memories of a machine are in its address space; window 0 has the registers. */
export const windows = {
  registers: 0,
  /** States of all sites, 32 a word, least significant bit first; 1 is +1. */
  spins: 1,
  /** B of every update slot, int32. */
  biases: 2,
  /** H of every update slot, int32: written by the static pass, or by the host where there is none. */
  fields: 3,
  /** Lane engine: what each lane adds at each step. */
  slots: 4,
  /** Convolution engine: int8 weights, four a word. */
  weights: 4,
  /** Descriptors of color phases and of the static pass. */
  phases: 5,
  /** T of semantics 4.6, of fields from 0 on: −u has 65536 minus that of u. */
  table: 6,
  /** b_t of the sweeps of one command (semantics 4.5). */
  temperatures: 7,
  /** Σ of retained states by update slot, int32. */
  sums: 8,
  /** Σ of conditional means by update slot, int32. */
  conditionalSums: 9,
  /** State words of the random number generators, lane after lane. */
  generators: 10,
  /** spinIndex (semantics 5.2) of every update slot. */
  spinIndices: 11,
  /** Convolution engine: the source pixel of every pixel and tap. */
  sources: 12,
} as const;

export type Window = keyof typeof windows;

/** The word address of an offset in a window. */
export const addressOf = (window: Window, offset = 0): number => windows[window] * wordsPerWindow + offset;
