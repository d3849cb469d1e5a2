/**
 * A block placed on an engine: where its spins, weights and sums are in the memories of the machine. What the driver asks of an engine, and all that it
 * knows of one.
 */
import type { Block, Misfit, PackedSpins, Program } from '@isinglass/sdk';
import type { FixedConstants } from '@isinglass/sdk/machine-driver';
import type { Hardware } from '../host/hardware.ts';
import type { Burst } from '../host/machine-host.ts';
import type { ReadoutKind } from '../parameters/choices.ts';

export interface PlacedBlock {
  /** By coupling id: Σ|w| of no spin is larger (what `fixedConstants` wants). */
  readonly sumBounds: ReadonlyMap<string, number>;
  /** What makes the block the resident one: all that follows from the program alone. */
  image(): readonly Burst[];
  /** What depends on the gains of a run. */
  constants(constants: FixedConstants): readonly Burst[];
  /** Words of the window SPINS that the block uses. */
  readonly spinWords: number;
  /** Puts one row of a bank among the states of all sites. */
  putStates(words: Uint32Array, bank: string, from: PackedSpins, row: number): void;
  /** Takes one row of a bank out of them. */
  takeStates(words: Uint32Array, bank: string, into: PackedSpins, row: number): void;
  /** Update slots: words of the windows FIELDS, SUMS and CONDITIONAL_SUMS that the block uses. */
  readonly slots: number;
  /** Names of the color phases of a sweep, in order: what a timeline shows. */
  readonly phases: readonly string[];
  /** Steps of a pass in which the machine fetches weights for all its adders: see `Engine.weightBitsPerStep`. */
  readonly weightSteps: { readonly staticPass: number; readonly sweep: number };
  /** Where the update slots of a bank's spins are: all from the first to the last. */
  slotsOf(bank: string): { readonly first: number; readonly count: number };
  /** Adds the values of a bank's spins, as read from `slotsOf`, to `into[first + spin]`. */
  addSums(values: Int32Array, bank: string, into: Int32Array, first: number): void;
}

/** What kind of machine a device is: an engine with its parameters. */
export interface Engine {
  /** All misfits of a block at once; empty: it fits. Pure. */
  misfits(program: Program, block: Block): readonly Misfit[];
  /** Placed, in slices. */
  place(program: Program, block: Block): Generator<void, PlacedBlock, void>;
  /** A machine with its memories empty. */
  build(): Hardware;
  /** Sweeps that TEMPERATURES holds. */
  readonly temperatureDepth: number;
  /** Words of the window GENERATORS; 0: draws depend on their place alone. */
  readonly generatorWords: number;
  /** How time averages are taken: `raw` machines have no sums, their host counts states. */
  readonly readout: ReadoutKind;
  /** Couplings that it can add in a cycle; null: it has no adders that couplings share. */
  readonly adders: number | null;
  /** Bits of weights of one step, from the memory that holds them; 0: weights are in registers; null: unstated. */
  readonly weightBitsPerStep: number | null;
}
