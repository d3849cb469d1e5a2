/**
 * A machine of which only numbers are published: what it takes, how long it takes, what it costs and how it errs. Nothing here is a model of its cycles
 * (devices.md 3, 3.1, 3.2, section 12), and its profile says so.
 */
import { type DeviceProfile, type Evidence, type Limit, parseDeviceProfile, type Topology } from '@isinglass/sdk';
import type { LinkParameters } from '../parameters/engine-parameters.ts';
import type { AnnealTime } from '../timing/formulas/anneal-time.ts';
import type { NoiseModel } from './noise-model.ts';

export const families = [
  'annealer',
  'digital-annealer',
  'cmos-annealer',
  'bifurcation',
  'coherent-ising',
  'oscillator',
  'analog-p-bit',
  'digital-p-bit',
  'gpu',
] as const;
export type Family = (typeof families)[number];

/** How long work takes; of `unstated` nobody says. */
export type TimeModel =
  /** Sweeps of so many cycles, and ns to read all states once; null: not published. */
  | { readonly kind: 'sweeps'; readonly cyclesPerSweep: number; readonly frameReadNs: number | null }
  | { readonly kind: 'updates'; readonly updatesPerSecond: number }
  | ({ readonly kind: 'anneal' } & AnnealTime)
  /** All spins at once over so many adders. */
  | { readonly kind: 'dense-synchronous'; readonly adders: number; readonly fillCycles: number }
  /** One solution, whatever the problem. */
  | { readonly kind: 'solve'; readonly solveNs: number }
  /** Bound by memory. */
  | { readonly kind: 'memory'; readonly bytesPerSecond: number; readonly bytesPerUpdate: number }
  | { readonly kind: 'unstated' };

export interface Envelope {
  readonly id: string;
  readonly family: Family;
  readonly time: TimeModel;
  readonly noise: NoiseModel;
  /** null: not published. */
  readonly link: LinkParameters | null;
  /** What a coupling and a bias of the sdk are multiplied by on the machine: −1 where it minimises +Σ J s s (devices.md section 12). */
  readonly signConvention: 1 | -1;
  /** Deeply frozen. */
  readonly profile: DeviceProfile;
}

/** What differs between envelopes; a limit that is left out is not published. */
export interface EnvelopeData {
  readonly id: string;
  readonly vendor: string;
  /** What it is, in a sentence. */
  readonly text: string;
  readonly family: Family;
  readonly time: TimeModel;
  readonly noise?: Partial<NoiseModel>;
  readonly link?: LinkParameters;
  readonly signConvention?: -1;
  readonly spins: Limit;
  readonly degree: Limit;
  readonly topology?: Topology;
  readonly colors?: number;
  readonly couplings?: Limit;
  readonly weights?: {
    readonly bits?: Limit;
    readonly levels?: readonly number[];
    readonly range?: readonly [number, number];
  };
  readonly bias?: { readonly bits?: Limit; readonly range?: readonly [number, number] };
  readonly pins: 'native' | 'fold';
  readonly clockHz?: number;
  readonly sweepNs?: number;
  readonly energy?: Partial<DeviceProfile['energy']>;
  readonly io?: Partial<DeviceProfile['io']>;
  /** Paths of the profile, and `time.…`, `noise.…` and `link.…` of the envelope. */
  readonly evidence: readonly Evidence[];
}

/** What stands at the end of every description. */
export const envelopeLabel = 'Envelope: latency, energy and noise only; not cycle-modelled.';

/** The envelope and its profile. */
export function envelope(data: EnvelopeData): Envelope {
  const range = (pair?: readonly [number, number]) => ({ min: pair?.[0] ?? null, max: pair?.[1] ?? null });
  const analog = analogFamilies.has(data.family);
  const runs = data.family === 'analog-p-bit';
  const profile = parseDeviceProfile({
    profileVersion: '1.0',
    name: `fpga-sim:${data.id}`,
    vendor: data.vendor,
    description: `${data.text} ${envelopeLabel}`,
    features: [analog ? 'real' : 'fixed', 'color-map', 'dense', 'diagonal', 'host', 'sparse', 'state', 'border'].sort(),
    law: [analog ? 'real' : 'fixed'],
    dynamics: dynamicsOf(data),
    spins: { max: data.spins, perTileMax: null },
    couplings: {
      forms: ['dense', 'sparse', 'diagonal'],
      max: data.couplings ?? null,
      degreeMax: { limit: data.degree, count: data.pins === 'fold' ? 'free' : 'all' },
      topology: data.topology ?? { kind: 'any' },
    },
    weights: {
      bits: data.weights?.bits ?? null,
      levels: data.weights?.levels ?? null,
      scalePer: 'device',
      range: range(data.weights?.range),
    },
    bias: { bits: data.bias?.bits ?? null, granularity: 'spin', range: range(data.bias?.range) },
    field: { fractionBits: null, accumulatorBits: null },
    activation: { kind: 'exact' },
    pins: { kind: data.pins },
    // Nodes can be written and all states be read after any sweep, one row after the other.
    init: runs ? ['random', 'given', 'resume'] : ['random'],
    readout: { observables: ['state'], signs: false, trace: runs, counterBits: null, strideMin: 1 },
    batch: runs
      ? { imagesMax: 'unlimited', chainsMax: 'unlimited', rowsMax: runRowsMax, inFlight: 1 }
      : { imagesMax: null, chainsMax: null, rowsMax: null, inFlight: 1 },
    residency: { blocks: 1, reloadNs: null },
    cancel: { latencyMs: runs ? runCancelMs : null },
    determinism: 'statistical',
    tolerances: { updateProbability: null, betaRelative: null, fieldAbsolute: null },
    timing: { clockHz: data.clockHz ?? null, sweepNs: data.sweepNs ?? null, updateNs: null },
    io: { linkBytesPerSecond: null, latencyNs: null, ...data.io },
    energy: { ...unstatedEnergy, ...data.energy },
    noise: {
      biasSigma: data.noise?.biasSigma ?? null,
      couplingSigma: data.noise?.couplingSigma ?? null,
      betaSigmaRelative: null,
    },
    evidence: data.evidence,
  });
  return Object.freeze({
    id: data.id,
    family: data.family,
    time: Object.freeze(data.time),
    noise: Object.freeze({ ...noNoise, ...data.noise }),
    link: data.link ?? null,
    signConvention: data.signConvention ?? 1,
    profile,
  });
}

/** Of the families that run here: rows of one run, and from its signal to its end. */
const runRowsMax = 1024;
const runCancelMs = 250;

const analogFamilies: ReadonlySet<Family> = new Set(['annealer', 'coherent-ising', 'oscillator', 'analog-p-bit']);

const unstatedEnergy: DeviceProfile['energy'] = {
  joulesPerUpdate: null,
  joulesPerSynapticOperation: null,
  joulesPerBitRead: null,
  joulesPerBitWritten: null,
  joulesPerMemoryBit: null,
  staticWatts: null,
};

const noNoise: NoiseModel = {
  biasSigma: 0,
  couplingSigma: 0,
  susceptibility: 0,
  betaEffective: 1,
  coefficientBits: null,
  biasRange: null,
  couplingRange: null,
  offsetSigma: 0,
  gainSigma: 0,
  readoutFlip: 0,
  correlationNs: null,
};

function dynamicsOf(data: EnvelopeData): DeviceProfile['dynamics'] {
  switch (data.family) {
    case 'annealer':
    case 'digital-annealer':
    case 'cmos-annealer':
      return { kind: 'annealer' };
    case 'bifurcation':
      return { kind: 'bifurcation' };
    case 'coherent-ising':
    case 'oscillator':
      return { kind: 'oscillator' };
    case 'analog-p-bit':
      // At a fixed temperature: every constant β goes into the coefficients.
      return {
        kind: 'chromatic-gibbs',
        colorsMax: data.colors ?? null,
        betaRange: { min: 0, max: Number.MAX_VALUE },
      };
    case 'digital-p-bit':
    case 'gpu':
      return { kind: 'chromatic-gibbs', colorsMax: data.colors ?? null, betaRange: { min: null, max: null } };
    default:
      return data.family satisfies never;
  }
}

/** Evidence of one grade and source for several numbers. */
export const from = (source: string, grade: Evidence['grade'], ...paths: readonly string[]): readonly Evidence[] =>
  paths.map((path) => ({ path, source, grade }));
