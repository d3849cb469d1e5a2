/** The emulated convolution engine with philox is a machine of the fixed law: bit for bit the reference, behind the driver that every engine has. */
import { type Driver, silentLogger } from '@isinglass/sdk';
import { digitalMachineProfile, MachineDriver } from '@isinglass/sdk/machine-driver';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, programFamilies, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { convEngine } from '../../src/conv/conv-engine.ts';
import { EngineMachines } from '../../src/driver/engine-machines.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { convParameters, fits } from './conv-cases.ts';

const profile = digitalMachineProfile({
  name: 'an array under test',
  vendor: 'test',
  description: 'An emulated convolution engine.',
  accumulatorBits: 32,
  rowsMax: 64,
  inFlight: 1,
  cancelMs: 100,
});

function driverOf(parameters: ConvParameters): Driver {
  const link = { readNs: () => 0, writeNs: () => 0 };
  const machines = new EngineMachines({ engine: convEngine(parameters), link, clockHz: 1e8, rowsMax: 64 });
  return new MachineDriver({ profile, machines, logger: silentLogger });
}

const machines = [
  convParameters(),
  convParameters({ channels: 1, taps: 1, pixels: 1, samplers: 1 }),
  convParameters({ channels: 3, taps: 5, pixels: 7, samplers: 4, readout: 'walk' }),
  convParameters({ channels: 16, taps: 8, pixels: 64, samplers: 64, weightMemoryKiB: 1, weightMBps: 1000 }),
];

test.for(['convolutions', 'layers'] as const)('a machine with philox runs %s as the reference does', async (family) => {
  let ran = 0;
  for (let seed = 1; seed <= 24; seed++) {
    const parameters = machines[seed % machines.length] as ConvParameters;
    const program = programFamilies[family](seed);
    if (!fits(parameters, program)) continue;
    ran++;
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 6, imagesMax: 2, chainsMax: 2 });
    const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
    const driver = driverOf(parameters);
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect(traced, `seed ${seed}`).toEqual(expected);
    expect(untraced, `seed ${seed}`).toEqual({ ...expected, steps: [] });
    await driver.close();
  }
  expect(ran).toBeGreaterThan(14);
});
