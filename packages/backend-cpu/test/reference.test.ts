import type { Driver, DriverResult, Program } from '@isinglass/sdk';
import { type ReferenceRun, runFixedLaw, runRealLaw } from '@isinglass/sdk/reference';
import { type RandomProgramOptions, type RunData, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { openCpu } from './drive.ts';
import { expectOutcome, referenceOutcome } from './outcome.ts';

let driver: Driver | undefined;
beforeAll(async () => {
  driver = await openCpu('cpu:scalar');
});
afterAll(() => driver?.close());

async function compareWithReference(
  program: Program,
  run: RunData,
  reference: (program: Program, run: ReferenceRun) => DriverResult,
): Promise<void> {
  if (driver === undefined) throw new Error('the device is not open');
  const expected = await referenceOutcome(program, run, reference);
  await expectOutcome(driver, { name: program.json.name, program, run, expected });
}

/** 40 cases per test keep one test under a second; together 320 of the fixed and 120 of the real law. */
const batches = (count: number) => Array.from({ length: count }, (_, n) => 40 * n);
const shapes = (seed: number): RandomProgramOptions => ({
  seed,
  blocks: 1 + (seed % 2),
  // Every third program is tiny: single spins, empty rows, maps of one pixel.
  ...(seed % 3 === 0 ? { freeSpinsMax: 12, pinnedSpinsMax: 6 } : {}),
  ...(seed % 5 === 0 ? { strength: 3 } : {}),
});

describe('the scalar machine and the reference agree on every sum, sign, state, trace, last state and flip', () => {
  test.each(batches(8))('fixed law, bit for bit: 40 random programs from seed %i', async (first) => {
    for (let seed = first; seed < first + 40; seed++) {
      await compareWithReference(
        randomProgram(shapes(seed)),
        randomRun(randomProgram(shapes(seed)), seed),
        runFixedLaw,
      );
    }
  });

  // The sums of a field are added in another order, so fields may differ by rounding: about 10⁻¹⁵. A spin differs when its
  // 65536·σ(2βf) − 0.5 is that near to an integer: for ~10⁶ updates and conditional terms in all, a chance of ~10⁻⁴.
  test.each(batches(3))('real law: 40 random programs from seed %i', async (first) => {
    for (let seed = first; seed < first + 40; seed++) {
      const program = randomProgram({ ...shapes(seed), law: 'real' });
      await compareWithReference(program, randomRun(program, seed), runRealLaw);
    }
  });
});
