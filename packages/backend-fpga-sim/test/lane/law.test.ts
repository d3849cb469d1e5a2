/** The emulated lane engine with philox is a machine of the fixed law: bit for bit the reference, behind the driver that every engine has. */
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, type ProgramFamily, programFamilies, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import { laneParameters } from './lane-cases.ts';
import { laneDriver } from './lane-driver.ts';

const machines = [
  laneParameters({ lanes: 1 }),
  laneParameters({ lanes: 8 }),
  laneParameters({ lanes: 5, couplingsPerLane: 3 }),
  laneParameters({ lanes: 64, couplingsPerLane: 2, readout: 'walk', syncCycles: 3, sweepCycles: 0 }),
];

const families = Object.keys(programFamilies) as ProgramFamily[];

test.for(families)('a machine with philox runs %s as the reference does', async (family) => {
  for (let seed = 1; seed <= 12; seed++) {
    const program = programFamilies[family](seed);
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 6, imagesMax: 2, chainsMax: 2 });
    const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
    const driver = laneDriver(machines[seed % machines.length] as LaneParameters);
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect({ seed, ...traced }).toEqual({ seed, ...expected });
    expect({ seed, ...untraced }).toEqual({ seed, ...expected, steps: [] });
    await driver.close();
  }
});

test('a machine with streams gives the same whether rows take turns sweep by sweep or come one after the other', async () => {
  for (const [n, rng] of (['xoshiro128pp', 'lfsr32', 'shared-word'] as const).entries()) {
    const program = programFamilies.mixed(n + 1);
    const run = randomRun(program, n + 1, { starts: ['random'], sweepsMax: 6, imagesMax: 2, chainsMax: 3 });
    const driver = laneDriver(laneParameters({ rng, lanes: 16 }));
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect(traced).toEqual({ ...untraced, steps: traced.steps });
    expect(traced.steps.length).toBe(run.sweeps + 1);
    await driver.close();
  }
});
