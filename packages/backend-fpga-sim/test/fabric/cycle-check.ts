/** The cycles of one row of a program on an emulated machine, and what a closed formula says of them. */
import { freeSpinCount, type Program } from '@isinglass/sdk';
import { type Dice, driverRun, randomRun } from '@isinglass/sdk/testing';
import { expect } from 'vitest';
import type { EngineParameters } from '../../src/parameters/engine-parameters.ts';
import { addCycles, timesCycles } from '../../src/timing/add-cycles.ts';
import type { CycleCounts } from '../../src/timing/cycle-causes.ts';
import { driverOf, onlyBlock } from './machine-driver.ts';

export interface ExpectedCycles {
  /** Of a sweep, and of a random start. */
  readonly pass: CycleCounts;
  readonly staticPass: CycleCounts;
}

/** Runs one row, from a random or a given start, and compares every cause. */
export async function expectCycles(
  parameters: EngineParameters,
  program: Program,
  o: { readonly dice: Dice; readonly expected: (block: { colors: number; freeSpins: number }) => ExpectedCycles },
): Promise<void> {
  const block = onlyBlock(program);
  const run = randomRun(program, o.dice.integer(1, 1e6), { starts: ['random', 'given'], imagesMax: 1, chainsMax: 1 });
  const driver = driverOf(parameters);
  const loaded = await driver.load(program, {});
  const { counters } = await loaded.run(driverRun({ ...run, keep: 'nothing', readouts: [] }));
  await driver.close();
  const { pass, staticPass } = o.expected({ colors: block.schedule.colors.length, freeSpins: freeSpinCount(block) });
  const passes = run.sweeps + (run.start.kind === 'random' ? 1 : 0);
  expect({ program: program.json.name, cycles: counters.cycles }).toEqual({
    program: program.json.name,
    cycles: addCycles(staticPass, timesCycles(passes, pass)),
  });
}
