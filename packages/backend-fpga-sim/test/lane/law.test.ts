/** The emulated lane engine with philox is a machine of the fixed law: bit for bit the reference, behind the driver that every engine has. */
import { type Driver, silentLogger } from '@isinglass/sdk';
import { digitalMachineProfile, MachineDriver } from '@isinglass/sdk/machine-driver';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, type ProgramFamily, programFamilies, randomRun, runOutcome } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { EngineMachines } from '../../src/driver/engine-machines.ts';
import { laneEngine } from '../../src/lane/lane-engine.ts';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import { laneParameters } from './lane-cases.ts';

const profile = digitalMachineProfile({
  name: 'lanes under test',
  vendor: 'test',
  description: 'An emulated lane engine.',
  accumulatorBits: 32,
  rowsMax: 64,
  inFlight: 1,
  cancelMs: 100,
});

function driverOf(parameters: LaneParameters): Driver {
  const link = { readNs: () => 0, writeNs: () => 0 };
  const machines = new EngineMachines({ engine: laneEngine(parameters), link, clockHz: 1e8, rowsMax: 64 });
  return new MachineDriver({ profile, machines, logger: silentLogger });
}

const machines = [
  laneParameters({ lanes: 1 }),
  laneParameters({ lanes: 8 }),
  laneParameters({ lanes: 5, couplingsPerLane: 3 }),
  laneParameters({ lanes: 64, couplingsPerLane: 2, readout: 'walk', syncCycles: 3, sweepCycles: 0 }),
];

test.for(Object.keys(programFamilies) as ProgramFamily[])(
  'a machine with philox runs %s as the reference does',
  async (family) => {
    for (const seed of [1, 2, 3, 4]) {
      const program = programFamilies[family](seed);
      const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 6, imagesMax: 2, chainsMax: 2 });
      const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
      const driver = driverOf(machines[seed % machines.length] as LaneParameters);
      const { traced, untraced } = await driverOutcomes(driver, program, run);
      expect(traced).toEqual(expected);
      expect(untraced).toEqual({ ...expected, steps: [] });
      await driver.close();
    }
  },
);
