/**
 * The parameters of emulated machines: one table, from which device URIs are read and the documentation is made. Names carry the unit in which a
 * URI gives the number.
 */
import { generatorKinds } from '../generators/catalogue.ts';
import {
  activationKinds,
  type Engine,
  engines,
  linkKinds,
  overflowKinds,
  phaseKinds,
  readoutKinds,
} from './choices.ts';
import type { FieldFormat } from './field-format.ts';

/** Value of a parameter; null: not stated, as energies mostly are. */
export type ParameterValue = number | string | FieldFormat | null;

interface Described {
  /** What it is, without its range. */
  readonly text: string;
  /** Which machines have it. */
  readonly engines: readonly Engine[];
}
export interface CountParameter extends Described {
  readonly kind: 'count';
  readonly min: number;
  readonly max: number;
  readonly default: number;
}
export interface QuantityParameter extends Described {
  readonly kind: 'quantity';
  readonly unit: string;
  /** Inclusive. */
  readonly min: number;
  readonly max: number;
  /** null: not stated, and a URI may say so: `unstated`. */
  readonly default: number | null;
}
export interface ChoiceParameter extends Described {
  readonly kind: 'choice';
  readonly values: readonly string[];
  readonly default: string;
}
export interface FormatParameter extends Described {
  readonly kind: 'format';
  readonly default: FieldFormat;
}
export type Parameter = CountParameter | QuantityParameter | ChoiceParameter | FormatParameter;

const lane = ['lane'] as const;
const conv = ['conv'] as const;

const count = (min: number, max: number, value: number, text: string, of: readonly Engine[] = engines) =>
  ({ kind: 'count', min, max, default: value, text, engines: of }) as const satisfies CountParameter;

const quantity = (range: readonly [number, number], unit: string, value: number, text: string) =>
  ({
    kind: 'quantity',
    unit,
    min: range[0],
    max: range[1],
    default: value as number,
    text,
    engines,
  }) as const satisfies QuantityParameter;

const unstated = (range: readonly [number, number], unit: string, text: string, of: readonly Engine[] = engines) =>
  ({
    kind: 'quantity',
    unit,
    min: range[0],
    max: range[1],
    default: null as number | null,
    text,
    engines: of,
  }) as const satisfies QuantityParameter;

const choice = <const V extends readonly string[]>(
  values: V,
  value: V[number],
  text: string,
  of: readonly Engine[] = engines,
) => ({ kind: 'choice', values, default: value, text, engines: of }) as const satisfies ChoiceParameter;

/** By name, in the order in which documentation lists them. Ranges are what the emulator can represent, not what can be built. */
export const parameterTable = {
  clockMHz: quantity([0.001, 10_000], 'MHz', 100, 'clock'),
  spins: count(2, 2 ** 24, 4096, 'spins of a block, pinned ones included'),
  degree: count(1, 2 ** 20, 16, 'most couplings of a spin to spins that are not pinned'),
  colors: count(1, 2 ** 20, 16, 'most colors of a schedule'),
  weightBits: count(1, 10, 8, 'bits of a weight; 1: only −1 and +1'),
  format: {
    kind: 'format',
    default: { integerBits: 5, fractionBits: 10 } as FieldFormat,
    text: 'number format s{i}.{f} of local fields: sign, integer bits, fraction bits',
    engines,
  },
  accumulatorBits: count(8, 32, 22, 'bits, with the sign, of the sums of a coupling'),
  overflow: choice(overflowKinds, 'refuse', 'what happens where sums could leave the accumulator'),
  activation: choice(activationKinds, 'table', 'how a field becomes a probability'),
  tableEntries: count(16, 65_536, 2048, 'entries of the table over fields from −8 to 8, a power of two'),
  clipField: quantity([0.125, 8], 'field', 1, 'where the straight line of the activation clip ends'),
  thresholdBits: choice(['8', '16'], '16', 'bits of a probability'),
  rng: choice(generatorKinds, 'xoshiro128pp', 'generator of random numbers'),
  lanes: count(1, 4096, 8, 'P: spins that are updated at once', lane),
  couplingsPerLane: count(1, 256, 1, 'W: couplings that a lane adds in a cycle', lane),
  couplingSlots: count(
    1,
    2 ** 24,
    2 ** 20,
    'couplings that the slot memory holds, padding and both directions included',
    lane,
  ),
  syncCycles: count(0, 1024, 0, 'cycles between two colors', lane),
  sweepCycles: count(0, 1024, 1, 'cycles at the end of a sweep', lane),
  channels: count(1, 1024, 16, 'A: output channels of the adder array', conv),
  taps: count(1, 1024, 8, 'B: inputs that are added into each sum in a cycle', conv),
  pixels: count(1, 4096, 64, 'S: pixels of the adder array', conv),
  samplers: count(1, 4096, 64, 'Q: spins that are sampled in a cycle', conv),
  fillCycles: count(0, 1024, 12, 'cycles in which a half-sweep drains', conv),
  weightMemoryKiB: count(1, 2 ** 22, 32_768, 'KiB of weights on chip', conv),
  weightMBps: unstated(
    [0.001, 1e9],
    'MB/s',
    'at which weights come from outside memory; unstated: there is none',
    conv,
  ),
  cyclesPerColor: count(1, 1024, 1, 'cycles of one color', ['fabric']),
  phases: choice(phaseKinds, 'sequential', 'clocks of the colors', ['fabric']),
  parallelPaths: count(1, 16, 4, 'k: updates that are worked out at once, one of which is taken', ['dense-serial']),
  temperatureSweeps: count(
    0,
    2 ** 20,
    65_536,
    'sweeps whose temperatures one command takes; 0: constant temperature only',
  ),
  readout: choice(readoutKinds, 'counter', 'how time averages are taken'),
  walkCycles: count(1, 1024, 1, 'cycles of each spin of a walk'),
  counterBits: count(13, 32, 32, 'bits, with the sign, of the sums of a readout'),
  link: choice(linkKinds, 'axi-lite', 'between host and machine'),
  readBeatNs: quantity([0, 1e6], 'ns', 242, 'reading a register, and any 32 bits over axi-lite'),
  writeBeatNs: quantity([0, 1e6], 'ns', 132, 'writing a register, and any 32 bits over axi-lite'),
  linkLatencyUs: quantity([0, 1e6], 'µs', 10, 'one transfer over dma or pcie, whatever its size'),
  linkMBps: quantity([0.001, 1e9], 'MB/s', 12_000, 'over dma or pcie'),
  pJPerUpdate: unstated([0, 1e9], 'pJ', 'energy of an update'),
  pJPerSynapticOperation: unstated([0, 1e9], 'pJ', 'energy of a synaptic operation'),
  pJPerBitRead: unstated([0, 1e9], 'pJ', 'energy of a bit that the host reads'),
  pJPerBitWritten: unstated([0, 1e9], 'pJ', 'energy of a bit that the host writes'),
  pJPerMemoryBit: unstated([0, 1e9], 'pJ', 'energy of a bit of weights that is fetched'),
  staticWatts: unstated([0, 1e6], 'W', 'power that does not depend on the work'),
} as const satisfies Readonly<Record<string, Parameter>>;

export type ParameterName = keyof typeof parameterTable;

type ValueOf<P extends Parameter> = P extends ChoiceParameter
  ? P['values'][number]
  : P extends FormatParameter
    ? FieldFormat
    : P extends QuantityParameter
      ? P['default']
      : number;

/** A value for every parameter, in the units of the names. */
export type ParameterValues = { readonly [K in ParameterName]: ValueOf<(typeof parameterTable)[K]> };

export const parameterNames = Object.keys(parameterTable) as readonly ParameterName[];

/** The parameters of machines of a kind. */
export const parametersOf = (engine: Engine): readonly ParameterName[] =>
  parameterNames.filter((name) => (parameterTable[name].engines as readonly Engine[]).includes(engine));

/** What a parameter may be, in words. */
export function allowedText(name: ParameterName): string {
  const parameter: Parameter = parameterTable[name];
  switch (parameter.kind) {
    case 'count':
      return `a whole number from ${parameter.min} to ${parameter.max}: ${parameter.text}`;
    case 'quantity':
      return `${parameter.min} to ${parameter.max} ${parameter.unit}${parameter.default === null ? ' or unstated' : ''}: ${parameter.text}`;
    case 'choice':
      return `${parameter.values.join(', ')}: ${parameter.text}`;
    case 'format':
      return `s{i}.{f}, i from 3 to 18, f from 4 to 12, for example s5.10: ${parameter.text}`;
    default:
      return parameter satisfies never;
  }
}
