/** An emulated machine as its parts see it: typed, in SI units, frozen. `clockHz`, not MHz; `lanes` only where there are lanes. */
import type { GeneratorKind } from '../generators/catalogue.ts';
import type { ActivationKind, LinkKind, OverflowKind, PhaseKind, ReadoutKind } from './choices.ts';
import type { FieldFormat } from './field-format.ts';

/** How a field becomes a probability. */
export type ActivationParameters =
  | { readonly kind: Extract<ActivationKind, 'exact'> }
  /** Entries over fields of −8 … 8, a power of two; exact for a block of k fraction bits where it is at least 2^(k+4). */
  | { readonly kind: Extract<ActivationKind, 'table'>; readonly entries: number }
  /** p = (1 + clamp(f / fieldMax, −1, 1)) / 2. */
  | { readonly kind: Extract<ActivationKind, 'clip'>; readonly fieldMax: number };

/** How bits come and go (devices.md 5.7). */
export type LinkParameters = Beats &
  (
    | { readonly kind: Extract<LinkKind, 'axi-lite'> }
    | {
        readonly kind: Exclude<LinkKind, 'axi-lite'>;
        /** Of one transfer, whatever its size. */
        readonly latencyNs: number;
        readonly bytesPerSecond: number;
      }
  );

/** Of one 32-bit word that the processor itself reads or writes: all of them over AXI-Lite, registers over any link. */
interface Beats {
  readonly readBeatNs: number;
  readonly writeBeatNs: number;
}

/** Joules of one event each (devices.md 5.9); null: not stated. */
export interface EnergyParameters {
  readonly joulesPerUpdate: number | null;
  readonly joulesPerSynapticOperation: number | null;
  readonly joulesPerBitRead: number | null;
  readonly joulesPerBitWritten: number | null;
  readonly joulesPerMemoryBit: number | null;
  readonly staticWatts: number | null;
}

interface MachineParameters {
  /** The named set that these began as. */
  readonly set: string;
  readonly clockHz: number;
  /** Sites of a block, pinned ones included. */
  readonly spins: number;
  /** Most couplings of a spin to free spins. */
  readonly degree: number;
  readonly colors: number;
  /** 1: only −1 and +1. */
  readonly weightBits: number;
  readonly format: FieldFormat;
  readonly accumulatorBits: number;
  readonly overflow: OverflowKind;
  readonly activation: ActivationParameters;
  readonly thresholdBits: 8 | 16;
  readonly generator: GeneratorKind;
  /** Sweeps whose temperatures one command takes; 0: constant temperature only. */
  readonly temperatureSweeps: number;
  readonly readout: ReadoutKind;
  /** Of each spin of a walk. */
  readonly walkCycles: number;
  readonly counterBits: number;
  readonly link: LinkParameters;
  readonly energy: EnergyParameters;
}

/** One coupling of W at a time into each of P spins (devices.md 5.2). */
export interface LaneParameters extends MachineParameters {
  readonly engine: 'lane';
  /** P. */
  readonly lanes: number;
  /** W. */
  readonly couplingsPerLane: number;
  /** What the slot memory holds. */
  readonly couplingSlots: number;
  readonly syncCycles: number;
  readonly sweepCycles: number;
}

/** An array of A · B · S adders (devices.md 5.5). */
export interface ConvParameters extends MachineParameters {
  readonly engine: 'conv';
  /** A. */
  readonly channels: number;
  /** B. */
  readonly taps: number;
  /** S. */
  readonly pixels: number;
  /** Q. */
  readonly samplers: number;
  readonly fillCycles: number;
  readonly weightMemoryBytes: number;
  /** From memory outside; null: there is none, and every weight must fit on chip. */
  readonly weightBytesPerSecond: number | null;
}

/** One circuit for each spin (devices.md 5.1). */
export interface FabricParameters extends MachineParameters {
  readonly engine: 'fabric';
  readonly cyclesPerColor: number;
  readonly phases: PhaseKind;
}

/** One spin after the other over a complete graph (devices.md 5.3). */
export interface DenseSerialParameters extends MachineParameters {
  readonly engine: 'dense-serial';
  /** k. */
  readonly parallelPaths: number;
}

export type EngineParameters = LaneParameters | ConvParameters | FabricParameters | DenseSerialParameters;
