/** The two reference machines. */
import type { Program } from '../program/program.ts';
import { fixedLaw } from './fixed-law.ts';
import { runMachine } from './machine.ts';
import { realLaw } from './real-law.ts';
import { blockWithIndex, type ReferenceResult, type ReferenceRun } from './reference-run.ts';

/**
 * Runs one block of a fixed-law program: the bits that every device of determinism `exact` gives (semantics 4).
 * Throws InvalidRequestError for a bad run, and for gains that break P132.
 */
export function runFixedLaw(program: Program, run: ReferenceRun): ReferenceResult {
  const block = blockWithIndex(program, run.block);
  return runMachine(program, block, fixedLaw(program, block, run.gains), run);
}

/**
 * Runs one block by the real law (semantics 7), with the same random numbers. A fixed-law program runs with J = scale ·
 * w and without the rounding of fields: the difference between the two machines is then semantics 4.7.
 */
export function runRealLaw(program: Program, run: ReferenceRun): ReferenceResult {
  const block = blockWithIndex(program, run.block);
  return runMachine(program, block, realLaw(program, block, run.gains), run);
}
