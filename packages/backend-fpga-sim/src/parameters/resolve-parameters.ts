/** From a named set and what a user changes to a machine: values, then whether they go together, then types and SI units. */
import { InvalidRequestError } from '@isinglass/sdk';
import type { ActivationParameters, EngineParameters, LinkParameters } from './engine-parameters.ts';
import { type NamedSet, type NumberSource, namedSets, type SetName } from './named-sets.ts';
import {
  allowedText,
  type Parameter,
  type ParameterName,
  type ParameterValue,
  type ParameterValues,
  parameterNames,
  parametersOf,
  parameterTable,
} from './parameter-table.ts';

/** A machine and where its numbers come from. Deeply frozen. */
export interface EmulatedMachine {
  readonly parameters: EngineParameters;
  /** Of every number that stands for something outside of the emulation. */
  readonly sources: { readonly [K in ParameterName]?: NumberSource };
}

export type GivenValues = Partial<ParameterValues>;

/** A user's word for a number is worth what the user knows. */
const givenByUser: NumberSource = { source: 'given in the device URI', grade: 'unconfirmed' };

/**
 * The machine of a set with some parameters changed. Throws InvalidRequestError, which names the parameter, for one that machines of this kind do not
 * have, a number out of range, or values that do not go together.
 */
export function resolveParameters(set: SetName, given: GivenValues = {}): EmulatedMachine {
  const named: NamedSet = namedSets[set];
  const own = parametersOf(named.engine);
  const names = Object.keys(given) as ParameterName[];
  for (const name of names) {
    if (!own.includes(name)) {
      const known = parameterNames.includes(name);
      throw refused(
        set,
        known
          ? `${name} is a parameter of ${parameterTable[name].engines.join(', ')} machines; this one is of kind ${named.engine}`
          : `there is no parameter ${name}; known: ${own.join(', ')}`,
      );
    }
    checkRange(set, name, given[name] as ParameterValue);
  }
  const defaults = Object.fromEntries(parameterNames.map((name) => [name, parameterTable[name].default]));
  const values = { ...defaults, ...named.values, ...given } as ParameterValues;
  checkTogether(set, named, values, names);
  const sources = { ...named.sources, ...Object.fromEntries(names.map((name) => [name, givenByUser])) };
  return Object.freeze({ parameters: frozen(typed(set, named, values)), sources: Object.freeze(sources) });
}

function checkRange(set: SetName, name: ParameterName, value: ParameterValue): void {
  const parameter: Parameter = parameterTable[name];
  if (isAllowed(parameter, value)) return;
  throw refused(set, `${name} is ${JSON.stringify(value)}; allowed: ${allowedText(name)}`);
}

function isAllowed(parameter: Parameter, value: ParameterValue): boolean {
  switch (parameter.kind) {
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= parameter.min && (value as number) <= parameter.max;
    case 'quantity':
      if (value === null) return parameter.default === null;
      return typeof value === 'number' && value >= parameter.min && value <= parameter.max;
    case 'choice':
      return parameter.values.includes(value as string);
    case 'format':
      return typeof value === 'object' && value !== null;
    default:
      return parameter satisfies never;
  }
}

/** Which parameter has a meaning only beside which value of another. */
const onlyBeside = [
  { names: ['tableEntries'], other: 'activation', values: ['table'] },
  { names: ['clipField'], other: 'activation', values: ['clip'] },
  { names: ['linkLatencyUs', 'linkMBps'], other: 'link', values: ['dma', 'pcie'] },
  { names: ['walkCycles'], other: 'readout', values: ['walk'] },
  { names: ['counterBits'], other: 'readout', values: ['counter', 'walk'] },
  { names: ['cyclesPerColor'], other: 'phases', values: ['sequential'] },
] as const satisfies readonly {
  readonly names: readonly ParameterName[];
  readonly other: ParameterName;
  readonly values: readonly string[];
}[];

/** Lanes that rotations of one 32-bit word by 5 can tell apart. */
const rotationsMax = 32;

function checkTogether(set: SetName, { engine }: NamedSet, v: ParameterValues, given: readonly ParameterName[]): void {
  for (const { names, other, values } of onlyBeside) {
    const idle = names.find((name) => given.includes(name));
    if (idle !== undefined && !(values as readonly ParameterValue[]).includes(v[other])) {
      throw refused(set, `${idle} is for ${other}=${values.join(' or ')}; here ${other} is ${v[other]}`);
    }
  }
  if (v.activation === 'table' && !Number.isInteger(Math.log2(v.tableEntries))) {
    throw refused(set, `tableEntries is ${v.tableEntries}; allowed: a power of two from 16 to 65536`);
  }
  if (v.activation === 'exact' && v.thresholdBits === '8') {
    throw refused(
      set,
      'thresholdBits is 8; activation=exact has probabilities of 16 bits: take activation=table for 8',
    );
  }
  if (engine === 'conv' && v.samplers > v.channels * v.pixels) {
    throw refused(
      set,
      `samplers is ${v.samplers}; allowed: at most channels · pixels = ${v.channels * v.pixels}, the spins that are summed at once`,
    );
  }
  if (engine === 'lane' && v.couplingSlots < v.lanes * v.couplingsPerLane) {
    throw refused(
      set,
      `couplingSlots is ${v.couplingSlots}; allowed: at least lanes · couplingsPerLane = ${v.lanes * v.couplingsPerLane}, which one cycle takes`,
    );
  }
  const streams = { lane: v.lanes, conv: v.samplers, fabric: v.spins, 'dense-serial': 2 ** v.parallelPaths - 1 }[
    engine
  ];
  if (v.rng === 'lfsr32-rotations' && streams > rotationsMax) {
    throw refused(
      set,
      `rng is lfsr32-rotations, which has ${rotationsMax} rotations of one word; this machine draws ${streams} numbers at once`,
    );
  }
}

const pico = 1e-12;
const joules = (picojoules: number | null): number | null => (picojoules === null ? null : picojoules * pico);

function typed(set: SetName, { engine }: NamedSet, v: ParameterValues): EngineParameters {
  const machine = {
    set,
    clockHz: v.clockMHz * 1e6,
    spins: v.spins,
    degree: v.degree,
    colors: v.colors,
    weightBits: v.weightBits,
    format: v.format,
    accumulatorBits: v.accumulatorBits,
    overflow: v.overflow,
    activation: activationOf(v),
    thresholdBits: v.thresholdBits === '8' ? 8 : 16,
    generator: v.rng,
    temperatureSweeps: v.temperatureSweeps,
    readout: v.readout,
    walkCycles: v.walkCycles,
    counterBits: v.counterBits,
    link: linkOf(v),
    energy: {
      joulesPerUpdate: joules(v.pJPerUpdate),
      joulesPerSynapticOperation: joules(v.pJPerSynapticOperation),
      joulesPerBitRead: joules(v.pJPerBitRead),
      joulesPerBitWritten: joules(v.pJPerBitWritten),
      joulesPerMemoryBit: joules(v.pJPerMemoryBit),
      staticWatts: v.staticWatts,
    },
  } as const;
  switch (engine) {
    case 'lane':
      return {
        ...machine,
        engine,
        lanes: v.lanes,
        couplingsPerLane: v.couplingsPerLane,
        couplingSlots: v.couplingSlots,
        syncCycles: v.syncCycles,
        sweepCycles: v.sweepCycles,
      };
    case 'conv':
      return {
        ...machine,
        engine,
        channels: v.channels,
        taps: v.taps,
        pixels: v.pixels,
        samplers: v.samplers,
        fillCycles: v.fillCycles,
        weightMemoryBytes: v.weightMemoryKiB * 1024,
        weightBytesPerSecond: v.weightMBps === null ? null : v.weightMBps * 1e6,
      };
    case 'fabric':
      return { ...machine, engine, cyclesPerColor: v.cyclesPerColor, phases: v.phases };
    case 'dense-serial':
      return { ...machine, engine, parallelPaths: v.parallelPaths };
    default:
      return engine satisfies never;
  }
}

function activationOf(v: ParameterValues): ActivationParameters {
  switch (v.activation) {
    case 'exact':
      return { kind: 'exact' };
    case 'table':
      return { kind: 'table', entries: v.tableEntries };
    case 'clip':
      return { kind: 'clip', fieldMax: v.clipField };
    default:
      return v.activation satisfies never;
  }
}

function linkOf(v: ParameterValues): LinkParameters {
  const beats = { readBeatNs: v.readBeatNs, writeBeatNs: v.writeBeatNs };
  if (v.link === 'axi-lite') return { kind: v.link, ...beats };
  return { kind: v.link, ...beats, latencyNs: v.linkLatencyUs * 1000, bytesPerSecond: v.linkMBps * 1e6 };
}

function frozen(parameters: EngineParameters): EngineParameters {
  for (const part of [parameters.format, parameters.activation, parameters.link, parameters.energy])
    Object.freeze(part);
  return Object.freeze(parameters);
}

const refused = (set: SetName, message: string): InvalidRequestError =>
  new InvalidRequestError(`fpga-sim:${set}: ${message}`, { where: 'uri' });
