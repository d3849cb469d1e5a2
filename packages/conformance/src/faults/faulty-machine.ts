/**
 * A machine with faults in its update: a fast plain sampler whose bits are those of FixedMachine while no fault is set. Every planted fault of
 * the update is data (sampler-fault.ts); its places are the order of updates, the network, the activation, the random numbers.
 */
import type { DeviceProfile, DriverRun, Program } from '@isinglass/sdk';
import { plusDrawsOfReal } from '../oracle/activation.ts';
import { blockConstants, realConstants } from '../oracle/block-constants.ts';
import type { BlockStructure } from '../oracle/block-structure.ts';
import { MachineDriver } from '../oracle/machine/machine-driver.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import type { MachineRows, Sampler } from '../oracle/machine/sampler.ts';
import { BlockDraws } from '../oracle/philox.ts';
import { preparePlain } from '../oracle/plain-sampler.ts';
import { FastSampler, type MachineAge } from './fast-sampler.ts';
import { faultyDraws } from './faulty-draws.ts';
import { at, faultyNetwork, fixedUnits, freePlaces, realUnits } from './faulty-network.ts';
import { threshold, thresholdTable } from './faulty-thresholds.ts';
import type { SamplerFault } from './sampler-fault.ts';
import { SpinProgram, type SpinProgramParts } from './spin-program.ts';

export interface FaultyMachineOptions {
  /** Default: `machineProfile()`, a machine without limits. */
  readonly profile?: DeviceProfile;
  /** Planted in this order; default: none. */
  readonly faults?: readonly SamplerFault[];
}

export class FaultyMachine extends MachineDriver {
  constructor({ profile = machineProfile(), faults = [] }: FaultyMachineOptions = {}) {
    const age: MachineAge = { updates: 0 };
    super({ profile, prepare: (program, structure) => prepareFaulty(program, structure, faults, age) });
  }
}

function prepareFaulty(program: Program, structure: BlockStructure, faults: readonly SamplerFault[], age: MachineAge) {
  const base = new BlockDraws(structure);
  const partner = partnersOf(structure);
  const programs = new Map<string, SpinProgram>();
  return (run: DriverRun, rows: MachineRows): Sampler => {
    const gains = JSON.stringify(Object.entries(run.gains).sort());
    const spinProgram = programs.get(gains) ?? spinProgramOf(program, structure, run.gains, faults);
    programs.set(gains, spinProgram);
    return new FastSampler({
      program: spinProgram,
      draws: faultyDraws({ structure, run, rows: rows.count, partner }, base, faults),
      run,
      rows,
      age,
      feedForward: () => preparePlain(program, structure)(run, rows).begin('feed-forward'),
    });
  };
}

function spinProgramOf(
  program: Program,
  structure: BlockStructure,
  gains: Readonly<Record<string, number>>,
  faults: readonly SamplerFault[],
): SpinProgram {
  const { free, isFree } = freePlaces(structure);
  const frozen = faults.flatMap((fault) => {
    const spin = fault.kind === 'frozen' ? at(free, fault.spin) : undefined;
    return fault.kind === 'frozen' && spin !== undefined ? [{ spin, at: fault.at }] : [];
  });
  const colors = structure.colors.map((list) => list.filter((spin) => !frozen.some((each) => each.spin === spin)));
  const common = {
    spins: structure.spins,
    colors: faults.some((fault) => fault.kind === 'order' && fault.order === 'reversed') ? colors.toReversed() : colors,
    free,
    pinned: Array.from({ length: structure.spins }, (_, n) => n).filter((spin) => !isFree(spin)),
    stuck: frozen,
    ...timing(structure, faults),
    ...pinning(faults),
  };
  if (program.json.law.kind === 'fixed') {
    const constants = blockConstants(structure, gains);
    const units = fixedUnits(structure, constants, gains);
    return new SpinProgram({
      ...common,
      ...drifts(faults, free, units.perKT),
      network: faultyNetwork(structure, units, faults),
      scaling: { multipliers: constants.multipliers },
      thresholds: thresholdTable(constants.fractionBits, faults),
    });
  }
  const constants = realConstants(structure, gains);
  const spoiled = faults.some(({ kind }) => kind === 'beta-scale' || kind === 'activation' || kind === 'uniform');
  return new SpinProgram({
    ...common,
    ...drifts(faults, free, 1),
    network: faultyNetwork(structure, realUnits(structure, constants), faults),
    scaling: { strengths: constants.strengths },
    thresholds: (field) =>
      spoiled ? threshold(constants.beta * field, faults) : plusDrawsOfReal(constants.beta * field),
  });
}

function timing(
  { colors }: BlockStructure,
  faults: readonly SamplerFault[],
): Pick<SpinProgramParts, 'skipped' | 'randomOrder' | 'temperatureIgnored'> {
  const orders = faults.flatMap((fault) => (fault.kind === 'order' ? [fault] : []));
  const skip = orders.find((fault) => fault.order === 'skip-color');
  return {
    skipped: skip === undefined ? undefined : { color: skip.color % colors.length, period: skip.period },
    randomOrder: orders.some(({ order }) => order === 'random-scan'),
    temperatureIgnored: faults.some(({ kind }) => kind === 'temperature-ignored'),
  };
}

function pinning(faults: readonly SamplerFault[]): Pick<SpinProgramParts, 'pinReleased' | 'pinLeak'> {
  const pins = faults.flatMap((fault) => (fault.kind === 'pin' ? [fault] : []));
  const leak = pins.find(({ change }) => change === 'leak');
  return {
    pinReleased: pins.some(({ change }) => change === 'released'),
    pinLeak: leak?.change === 'leak' ? leak.probability : 0,
  };
}

function drifts(
  faults: readonly SamplerFault[],
  free: readonly number[],
  perKT: number,
): Pick<SpinProgramParts, 'betaDrift' | 'fieldDrift'> {
  const all = faults.flatMap((fault) => (fault.kind === 'drift' ? [fault] : []));
  const field = all.find((fault) => fault.of === 'field');
  const spin = field === undefined ? undefined : at(free, field.spin);
  return {
    betaDrift: all.reduce((sum, fault) => sum + (fault.of === 'beta' ? fault.perMillionUpdates : 0), 0),
    fieldDrift:
      field === undefined || spin === undefined ? undefined : { spin, perMillion: field.perMillionUpdates * perKT },
  };
}

/** First free neighbour of every free spin, −1 where there is none. */
function partnersOf(structure: BlockStructure): Int32Array {
  const { isFree } = freePlaces(structure);
  const partner = new Int32Array(structure.spins).fill(-1);
  for (const { a, b } of structure.couplings.flatMap(({ pairs }) => pairs)) {
    if (!isFree(a) || !isFree(b)) continue;
    if (partner[a] === -1) partner[a] = b;
    if (partner[b] === -1) partner[b] = a;
  }
  return partner;
}
