import type { Driver, Program } from '@isinglass/sdk';
import { driverOutcomes, type RunData, type RunOutcome } from '@isinglass/sdk/testing';
import { expect } from 'vitest';

/** Runs the program traced and untraced and expects the same of both; the first difference is printed with `name`: a sweep, or the results. */
export async function expectOutcome(
  driver: Driver,
  o: { readonly name: string; readonly program: Program; readonly run: RunData; readonly expected: RunOutcome },
): Promise<void> {
  const { name, expected } = o;
  const { traced, untraced } = await driverOutcomes(driver, o.program, o.run);
  for (const [t, step] of expected.steps.entries()) expect({ name, step: traced.steps[t] }).toEqual({ name, step });
  expect({ name, ...traced }).toEqual({ name, ...expected });
  expect({ name, ...untraced }).toEqual({ name, ...expected, steps: [] });
}
