/** The outcomes of runs by the machines that tests compare. */
import type { Driver, DriverResult, Program } from '@isinglass/sdk';
import { type ReferenceRun, runFixedLaw } from '@isinglass/sdk/reference';
import { driverOutcomes, driverRun, type RunData, type RunOutcome, runOutcome } from '@isinglass/sdk/testing';
import { expect } from 'vitest';
import { load } from './drive.ts';

/** What the sdk's reference machine gives, traced. */
export function referenceOutcome(
  program: Program,
  run: RunData,
  reference: (program: Program, run: ReferenceRun) => DriverResult = runFixedLaw,
): Promise<RunOutcome> {
  return runOutcome((trace) => reference(program, { ...run, trace }));
}

/** What a device gives, traced. The program is loaded for it and unloaded again. */
export async function deviceOutcome(driver: Driver, program: Program, run: RunData): Promise<RunOutcome> {
  const loaded = await load(driver, program);
  const outcome = await runOutcome((trace) => loaded.run(driverRun(run, { trace })));
  await loaded.unload();
  return outcome;
}

/**
 * Runs the program on the device as it would be run by users and again with a trace, and expects the same of both; `name`
 * is printed when it differs, with the first difference only: a sweep, or the results.
 */
export async function expectOutcome(
  driver: Driver,
  o: { readonly program: Program; readonly run: RunData; readonly expected: RunOutcome; readonly name: string },
): Promise<void> {
  const { name, expected } = o;
  const { traced, untraced } = await driverOutcomes(driver, o.program, o.run);
  for (const [t, step] of expected.steps.entries()) expect({ name, step: traced.steps[t] }).toEqual({ name, step });
  expect({ name, ...traced }).toEqual({ name, ...expected });
  expect({ name, ...untraced }).toEqual({ name, ...expected, steps: [] });
}
