/** The fabric has the bits of the fixed law and the cycles of devices.md 5.1. */
import { runFixedLaw } from '@isinglass/sdk/reference';
import {
  Dice,
  driverOutcomes,
  type ProgramFamily,
  programFamilies,
  randomRun,
  runOutcome,
} from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { generatorEntry } from '../../src/generators/catalogue.ts';
import { fabricPassCycles, fabricStaticCycles } from '../../src/timing/formulas/fabric-cycles.ts';
import { expectCycles } from './cycle-check.ts';
import { driverOf, roomyParameters } from './machine-driver.ts';

const families = Object.keys(programFamilies) as ProgramFamily[];

test.for(families)('a fabric with philox runs %s as the reference does', async (family) => {
  for (const seed of [1, 2, 3]) {
    const program = programFamilies[family](seed);
    const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 6, imagesMax: 2, chainsMax: 2 });
    const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
    const driver = driverOf(roomyParameters('niazi', seed === 1 ? { phases: 'sequential' } : {}));
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect(traced).toEqual(expected);
    expect(untraced).toEqual({ ...expected, steps: [] });
    await driver.close();
  }
});

test.for(families)('cycles of %s are those of the formula', async (family) => {
  for (let seed = 1; seed <= 20; seed++) {
    const dice = new Dice(seed, 5);
    const phases = dice.pick(['sequential', 'shifted'] as const);
    const cyclesPerColor = phases === 'shifted' ? 1 : dice.pick([1, 1, 2, 7]);
    const p = roomyParameters('niazi', {
      phases,
      ...(phases === 'shifted' ? {} : { cyclesPerColor }),
      rng: dice.pick(['philox', 'xoshiro128pp', 'lfsr32']),
    });
    const { cyclesPerDraw: drawCycles } = generatorEntry(p.generator);
    await expectCycles(p, programFamilies[family](seed), {
      dice,
      expected: ({ colors }) => ({
        pass: fabricPassCycles({ colors, cyclesPerColor, phases, drawCycles }),
        staticPass: fabricStaticCycles,
      }),
    });
  }
});

test('with streams of numbers a run is the same in one command and sweep by sweep, its rows taking turns', async () => {
  for (const rng of ['lfsr32', 'xoshiro128pp'] as const) {
    const program = programFamilies.mixed(4);
    const run = randomRun(program, 4, { starts: ['random'], sweepsMax: 6, imagesMax: 2, chainsMax: 2 });
    const driver = driverOf(roomyParameters('niazi', { rng }));
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect({ ...untraced, steps: traced.steps }).toEqual(traced);
    await driver.close();
  }
});
