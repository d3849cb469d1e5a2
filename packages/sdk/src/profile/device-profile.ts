/**
 * A device as data (architecture section 5). Every limit key is present: a number, `"unlimited"`, or `null` when the
 * vendor does not publish it (a check that needs it answers "unstated", never "fits"). Units are in the key names.
 */
import type { Feature, Observable } from '../program/program-json.ts';

/** A bound: a number, no bound, or not published. */
export type Limit = number | 'unlimited' | null;

/** Inclusive; null ends are not published. */
export interface Range {
  readonly min: number | null;
  readonly max: number | null;
}

/** Semantics section 6, weakest first. */
export const determinismLevels = ['statistical', 'repeatable', 'stable', 'exact'] as const;
export type DeterminismLevel = (typeof determinismLevels)[number];

export interface DeviceProfile {
  readonly profileVersion: '1.0';
  readonly name: string;
  readonly vendor: string;
  readonly description: string;
  /** Program features that the device takes (semantics 8.5). */
  readonly features: readonly Feature[];
  readonly law: readonly ('fixed' | 'real')[];
  readonly dynamics: Dynamics;
  readonly spins: { readonly max: Limit; readonly perTileMax: Limit };
  readonly couplings: {
    readonly forms: readonly ('conv' | 'dense' | 'sparse' | 'diagonal')[];
    readonly max: Limit;
    /** `count`: whether couplings to pinned spins count (`all`) or not (`free`). */
    readonly degreeMax: { readonly limit: Limit; readonly count: 'free' | 'all' };
    readonly topology: Topology;
  };
  readonly weights: {
    /** Under the fixed law: the largest weightBits (semantics 4.1). */
    readonly bits: Limit;
    /** The only stored values that the device holds, or null: every value of `bits`. */
    readonly levels: readonly number[] | null;
    readonly scalePer: 'coupling' | 'block' | 'device';
    /** Of J = scale · w, in units of k_B·T. */
    readonly range: Range;
  };
  readonly bias: { readonly bits: Limit; readonly granularity: 'spin' | 'channel'; readonly range: Range };
  readonly field: {
    readonly fractionBits: { readonly min: number; readonly max: number } | null;
    readonly accumulatorBits: Limit;
  };
  readonly activation:
    | { readonly kind: 'exact' }
    | { readonly kind: 'table'; readonly entries: number }
    | { readonly kind: 'clip'; readonly fieldMax: number };
  readonly pins:
    | { readonly kind: 'native' }
    | { readonly kind: 'strong-field'; readonly flipProbabilityMax: number }
    | { readonly kind: 'fold' };
  readonly init: readonly ('random' | 'feed-forward' | 'given' | 'resume')[];
  readonly readout: {
    readonly observables: readonly Observable[];
    readonly signs: boolean;
    readonly trace: boolean;
    /** Width of an on-device counter: |sum| < 2^(counterBits − 1). */
    readonly counterBits: Limit;
    readonly strideMin: number;
  };
  readonly batch: {
    readonly imagesMax: Limit;
    readonly chainsMax: Limit;
    /** Rows = images · chains of one run. */
    readonly rowsMax: Limit;
    /** Runs that may be unsettled at a time. */
    readonly inFlight: number;
  };
  readonly residency: { readonly blocks: number | 'all'; readonly reloadNs: number | null };
  /** How long a driver may take to settle an aborted run; null: not stated. */
  readonly cancel: { readonly latencyMs: number | null };
  readonly determinism: DeterminismLevel;
  /** What a `statistical` device claims; null where the device is digital and exact. */
  readonly tolerances: {
    readonly updateProbability: number | null;
    readonly betaRelative: number | null;
    readonly fieldAbsolute: number | null;
  };
  readonly timing: {
    readonly clockHz: number | null;
    readonly sweepNs: number | null;
    readonly updateNs: number | null;
  };
  readonly io: { readonly linkBytesPerSecond: number | null; readonly latencyNs: number | null };
  /** Of one event each; 0 where another of these numbers contains it, which the evidence then says. */
  readonly energy: {
    readonly joulesPerUpdate: number | null;
    readonly joulesPerSynapticOperation: number | null;
    /** Of what goes from the device to its host, and back. */
    readonly joulesPerBitRead: number | null;
    readonly joulesPerBitWritten: number | null;
    /** Of weights that the device fetches from its memory. */
    readonly joulesPerMemoryBit: number | null;
    readonly staticWatts: number | null;
  };
  readonly noise: {
    readonly biasSigma: number | null;
    readonly couplingSigma: number | null;
    readonly betaSigmaRelative: number | null;
  };
  readonly evidence: readonly Evidence[];
}

/** How the machine moves; only the first two sample at a held temperature. */
export type Dynamics =
  | { readonly kind: 'chromatic-gibbs'; readonly colorsMax: Limit; readonly betaRange: Range }
  | { readonly kind: 'asynchronous'; readonly updateNs: number; readonly betaRange: Range }
  | { readonly kind: 'annealer' | 'bifurcation' | 'oscillator' };

export type Topology =
  | { readonly kind: 'any' }
  | { readonly kind: 'king' | 'grid' | 'pegasus' | 'zephyr' | 'chimera'; readonly size: readonly number[] }
  | {
      readonly kind: 'grid-rules';
      readonly size: readonly number[];
      readonly rules: readonly (readonly [number, number])[];
    };

/** Where a number of the profile comes from. A result derived from several numbers inherits the weakest grade. */
export interface Evidence {
  /** Path of the number in the profile, for example `timing.clockHz`. */
  readonly path: string;
  readonly source: string;
  readonly grade: EvidenceGrade;
}
/** Strongest first. */
export const evidenceGrades = ['exact', 'measured', 'published', 'derived', 'estimate', 'unconfirmed'] as const;
export type EvidenceGrade = (typeof evidenceGrades)[number];
