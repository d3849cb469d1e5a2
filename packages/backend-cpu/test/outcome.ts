/** Everything that a run gives, as data that `toEqual` compares: what two machines have to agree on, bit for bit. */
import type { Driver, DriverReadout, DriverResult, PackedSpins, Program } from '@isinglass/sdk';
import { type ReferenceRun, runFixedLaw } from '@isinglass/sdk/reference';
import type { RunData } from '@isinglass/sdk/testing';
import { expect } from 'vitest';
import { complete, load, recorder, type TraceStep } from './drive.ts';

export interface Outcome {
  readonly readouts: readonly DriverReadout[];
  readonly last: Readonly<Record<string, PackedSpins>> | undefined;
  /** Part of the contract's counters. */
  readonly flips: number | undefined;
  /** Sweep 0 … G; empty when the run was not traced. */
  readonly steps: readonly TraceStep[];
}

export function outcomeOf(result: DriverResult, steps: readonly TraceStep[] = []): Outcome {
  return { readouts: result.readouts, last: result.last, flips: result.counters.flips, steps };
}

/** What the sdk's reference machine gives, traced. */
export function referenceOutcome(
  program: Program,
  run: RunData,
  reference: (program: Program, run: ReferenceRun) => DriverResult = runFixedLaw,
): Outcome {
  const { steps, trace } = recorder();
  return outcomeOf(reference(program, { ...run, trace }), steps);
}

/** What a device gives, traced. The program is loaded for it and unloaded again. */
export async function deviceOutcome(driver: Driver, program: Program, run: RunData): Promise<Outcome> {
  const loaded = await load(driver, program);
  const { steps, trace } = recorder();
  const result = await loaded.run(complete(run, { trace }));
  await loaded.unload();
  return outcomeOf(result, steps);
}

/**
 * Runs the program on the device as it would be run by users and again with a trace, and expects the same of both; `name`
 * is printed when it differs, with the first difference only: a sweep, or the results.
 */
export async function expectOutcome(
  driver: Driver,
  o: { readonly program: Program; readonly run: RunData; readonly expected: Outcome; readonly name: string },
): Promise<void> {
  const loaded = await load(driver, o.program);
  try {
    const { steps, trace } = recorder();
    const traced = outcomeOf(await loaded.run(complete(o.run, { trace })), steps);
    for (const [t, step] of o.expected.steps.entries()) {
      expect({ name: o.name, step: traced.steps[t] }).toEqual({ name: o.name, step });
    }
    expect({ name: o.name, ...traced }).toEqual({ name: o.name, ...o.expected });
    const untraced = outcomeOf(await loaded.run(complete(o.run)));
    expect({ name: o.name, ...untraced }).toEqual({ name: o.name, ...o.expected, steps: [] });
  } finally {
    await loaded.unload();
  }
}
