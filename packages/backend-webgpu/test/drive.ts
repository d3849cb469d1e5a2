/** How the tests of this package run programs, and what they compare. */
import type { Driver, DriverResult, DriverRun, PackedSpins, Program } from '@isinglass/sdk';
import type { RunData } from '@isinglass/sdk/testing';
import { expect } from 'vitest';

/** A run with a signal that nobody aborts, unless `more` says otherwise. */
export function complete(run: RunData, more: Partial<DriverRun> = {}): DriverRun {
  return { ...run, signal: new AbortController().signal, ...more };
}

/** One sweep of a trace. */
export interface TraceStep {
  readonly sweep: number;
  readonly banks: Readonly<Record<string, PackedSpins>>;
}

/** What two machines have to agree on, bit for bit. */
export interface Outcome {
  readonly readouts: DriverResult['readouts'];
  readonly last: DriverResult['last'] | undefined;
  readonly flips: number | undefined;
  /** Sweep 0 … G; empty when the run was not traced. */
  readonly steps: readonly TraceStep[];
}

/** The outcome of a run, by whatever runs it; traced if it takes the listener. */
export async function outcomeOf(
  run: (trace: (sweep: number, banks: TraceStep['banks']) => void) => DriverResult | Promise<DriverResult>,
): Promise<Outcome> {
  const steps: TraceStep[] = [];
  const { readouts, last, counters } = await run((sweep, banks) => void steps.push({ sweep, banks }));
  return { readouts, last, flips: counters.flips, steps };
}

/** Runs the program traced and untraced and expects the same of both; the first difference is printed with `name`. */
export async function expectOutcome(
  driver: Driver,
  o: { readonly name: string; readonly program: Program; readonly run: RunData; readonly expected: Outcome },
): Promise<void> {
  const { name, expected } = o;
  const loaded = await driver.load(o.program, {});
  try {
    const traced = await outcomeOf((trace) => loaded.run(complete(o.run, { trace })));
    for (const [t, step] of expected.steps.entries()) expect({ name, step: traced.steps[t] }).toEqual({ name, step });
    expect({ name, ...traced }).toEqual({ name, ...expected });
    const untraced = await outcomeOf(() => loaded.run(complete(o.run)));
    expect({ name, ...untraced }).toEqual({ name, ...expected, steps: [] });
  } finally {
    await loaded.unload();
  }
}
