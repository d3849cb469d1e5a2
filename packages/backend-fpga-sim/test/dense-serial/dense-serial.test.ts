/** The serial machine has the bits of the fixed law, whatever the colors are, and the cycles of devices.md 5.3. */
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
import { denseSerialPassCycles, denseSerialStaticCycles } from '../../src/timing/formulas/dense-cycles.ts';
import { expectCycles } from '../fabric/cycle-check.ts';
import { driverOf, roomyParameters } from '../fabric/machine-driver.ts';
import { completeGraph } from './complete-graph.ts';

const families = Object.keys(programFamilies) as ProgramFamily[];
const programs = [
  ...families.map((family) => [family, programFamilies[family]] as const),
  ['complete graphs, a color for each spin', completeGraph] as const,
];

test.for(programs)('a serial machine with philox runs %s as the reference does', async ([, program]) => {
  for (const seed of [1, 2, 3]) {
    const of = program(seed);
    const run = randomRun(of, seed, { starts: ['random', 'given'], sweepsMax: 6, imagesMax: 2, chainsMax: 2 });
    const expected = await runOutcome((trace) => runFixedLaw(of, { ...run, trace }));
    const driver = driverOf(roomyParameters('dense', { parallelPaths: 2 * seed - 1 }));
    const { traced, untraced } = await driverOutcomes(driver, of, run);
    expect(traced).toEqual(expected);
    expect(untraced).toEqual({ ...expected, steps: [] });
    await driver.close();
  }
});

test.for(programs)('cycles of %s are those of the formula', async ([, program]) => {
  for (let seed = 1; seed <= 20; seed++) {
    const dice = new Dice(seed, 6);
    const parallelPaths = dice.integer(1, 8);
    const p = roomyParameters('dense', { parallelPaths, rng: dice.pick(['philox', 'xoshiro128pp', 'lfsr32']) });
    const { cyclesPerDraw: drawCycles } = generatorEntry(p.generator);
    await expectCycles(p, program(seed), {
      dice,
      expected: ({ freeSpins: spins }) => ({
        pass: denseSerialPassCycles({ spins, parallelPaths, drawCycles }),
        staticPass: denseSerialStaticCycles({ spins, parallelPaths }),
      }),
    });
  }
});

test('with streams of numbers a run is the same in one command and sweep by sweep, its rows taking turns', async () => {
  for (const rng of ['lfsr32', 'xoshiro128pp'] as const) {
    const program = completeGraph(4);
    const run = randomRun(program, 4, { starts: ['random'], sweepsMax: 6, imagesMax: 2, chainsMax: 2 });
    const driver = driverOf(roomyParameters('dense', { rng }));
    const { traced, untraced } = await driverOutcomes(driver, program, run);
    expect({ ...untraced, steps: traced.steps }).toEqual(traced);
    await driver.close();
  }
});
