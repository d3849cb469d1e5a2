/** The emulated convolution engine with philox is a machine of the fixed law: bit for bit the reference, behind the driver that every engine has. */
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, programFamilies, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { convParameters, fits } from './conv-cases.ts';
import { convDriver } from './conv-driver.ts';

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
    const driver = convDriver(parameters);
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect(traced, `seed ${seed}`).toEqual(expected);
    expect(untraced, `seed ${seed}`).toEqual({ ...expected, steps: [] });
    await driver.close();
  }
  expect(ran).toBeGreaterThan(14);
});
