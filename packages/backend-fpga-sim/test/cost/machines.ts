/** Machines of all engines as devices, with the link that their parameters say, and programs that fit them. */
import {
  type Backend,
  blockLayout,
  contractVersion,
  type Device,
  openDevice,
  type Program,
  type RunRequest,
  silentLogger,
} from '@isinglass/sdk';
import { MachineDriver } from '@isinglass/sdk/machine-driver';
import { Dice, type ProgramFamily, programFamilies, randomSpins } from '@isinglass/sdk/testing';
import { EngineMachines } from '../../src/driver/engine-machines.ts';
import { engineOf } from '../../src/driver/engine-of.ts';
import { machineProfile } from '../../src/parameters/machine-profile.ts';
import type { SetName } from '../../src/parameters/named-sets.ts';
import { type EmulatedMachine, type GivenValues, resolveParameters } from '../../src/parameters/resolve-parameters.ts';
import { linkTime } from '../../src/timing/link-time.ts';
import { convParameters, fits, onlyBlock } from '../conv/conv-cases.ts';

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

const smallArray: GivenValues = { channels: 4, taps: 4, pixels: 8, samplers: 8, weightMemoryKiB: 512 };

/** A set of each engine. */
export const sets = ['toy', 'conv-s', 'niazi', 'dense'] as const satisfies readonly SetName[];

/** philox, 12 fraction bits, 8-bit weights, wide sums, a small array, unless something else is given. */
export const machineOf = (set: SetName, given: GivenValues = {}): EmulatedMachine =>
  resolveParameters(set, { ...roomy, ...(set === 'conv-s' ? smallArray : {}), ...given });

export const rowsMax = 64;

export function openMachine(machine: EmulatedMachine, o: { readonly rowsMax?: number } = {}): Promise<Device> {
  const { parameters } = machine;
  const rows = o.rowsMax ?? rowsMax;
  const backend: Backend = {
    scheme: 'emulated',
    contract: contractVersion,
    enumerate: async () => [],
    open: async () =>
      new MachineDriver({
        profile: machineProfile(machine, { rowsMax: rows, cancelMs: 250 }),
        machines: new EngineMachines({
          engine: engineOf(parameters, null),
          link: linkTime(parameters.link),
          clockHz: parameters.clockHz,
          rowsMax: rows,
        }),
        logger: silentLogger,
      }),
  };
  return openDevice('emulated:machine', { backends: [backend] });
}

/** A random program of one block that the engine of a set takes. */
export function programFor(set: SetName, seed: number): Program {
  const families: readonly ProgramFamily[] =
    set === 'conv-s' ? ['convolutions', 'layers'] : (Object.keys(programFamilies) as ProgramFamily[]);
  for (let n = seed; ; n += 1000) {
    const program = programFamilies[families[seed % families.length] as ProgramFamily](n);
    if (set !== 'conv-s' || fits(convParameters(), program)) return program;
  }
}

/** Images 0 … n − 1 with random pinned spins, from a random start, no readouts unless they are given. */
export function plainRun(
  program: Program,
  o: { readonly images: number; readonly chains: number; readonly sweeps: number; readonly seed?: number },
): RunRequest {
  const dice = new Dice(o.seed ?? 1, 7);
  const block = onlyBlock(program);
  const pinned = blockLayout(block).filter(({ bank }) => bank.role === 'pinned');
  return {
    block: block.index,
    images: o.images,
    inputs: Object.fromEntries(pinned.map(({ bank, spinCount }) => [bank.id, randomSpins(dice, o.images, spinCount)])),
    seed: dice.bits64(),
    chains: o.chains,
    sweeps: o.sweeps,
    burnIn: 0,
    stride: 1,
    temperatures: null,
    start: { kind: 'random' },
    readouts: [],
  };
}
