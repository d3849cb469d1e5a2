/** Emulated machines with parameters that random programs fit, behind the driver that every engine has, on a link that takes no time. */
import { type Block, type Driver, type Program, silentLogger } from '@isinglass/sdk';
import { digitalMachineProfile, MachineDriver } from '@isinglass/sdk/machine-driver';
import { EngineMachines } from '../../src/driver/engine-machines.ts';
import { engineOf } from '../../src/driver/engine-of.ts';
import type { EngineParameters } from '../../src/parameters/engine-parameters.ts';
import type { SetName } from '../../src/parameters/named-sets.ts';
import { type GivenValues, resolveParameters } from '../../src/parameters/resolve-parameters.ts';

export const rowsMax = 64;

/** philox, 12 fraction bits, 8-bit weights, wide sums, unless something else is given. */
export function roomyParameters(set: SetName, given: GivenValues = {}): EngineParameters {
  const roomy: GivenValues = {
    spins: 8192,
    degree: 2 ** 20,
    colors: 8192,
    weightBits: 8,
    format: { integerBits: 18, fractionBits: 12 },
    activation: 'exact',
    accumulatorBits: 32,
    rng: 'philox',
  };
  return resolveParameters(set, { ...roomy, ...given }).parameters;
}

export function driverOf(parameters: EngineParameters): Driver {
  const profile = digitalMachineProfile({
    name: `${parameters.engine} under test`,
    vendor: 'test',
    description: 'An emulated machine.',
    accumulatorBits: 32,
    rowsMax,
    inFlight: 1,
    cancelMs: 100,
  });
  const machines = new EngineMachines({
    engine: engineOf(parameters, null),
    link: { readNs: () => 0, writeNs: () => 0 },
    clockHz: parameters.clockHz,
    rowsMax,
  });
  return new MachineDriver({ profile, machines, logger: silentLogger });
}

/** The block of a program that has one. */
export function onlyBlock({ json }: Program): Block {
  const [block] = json.stages;
  if (block?.kind !== 'block') throw new TypeError(`${json.name} has no block`);
  return block;
}
