import { expect, test, vi } from 'vitest';
import type { Driver, DriverRun } from '../contract/driver.ts';
import { runFixedLaw } from '../reference/run-law.ts';
import { randomProgram } from './random-program.ts';
import { randomRun } from './random-run.ts';
import { driverOutcomes, driverRun, runOutcome } from './run-outcome.ts';

const program = randomProgram({ seed: 5 });
const run = randomRun(program, 5);

test('a run for a driver has a signal that nobody aborts; what is given takes its place', () => {
  const { signal, ...rest } = driverRun(run);
  expect(signal.aborted).toBe(false);
  expect(rest).toEqual(run);
  const aborted = AbortSignal.abort();
  expect(driverRun(run, { signal: aborted, sweeps: 99 })).toEqual({ ...run, signal: aborted, sweeps: 99 });
});

test('an outcome is all that the run gives, with every sweep from the initial state on if it is traced', async () => {
  const { readouts, last, counters } = runFixedLaw(program, run);
  const untraced = await runOutcome(() => runFixedLaw(program, run));
  expect(untraced).toEqual({ readouts, last, flips: counters.flips, steps: [] });
  const traced = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
  expect({ ...traced, steps: [] }).toEqual(untraced);
  expect(traced.steps.map(({ sweep }) => sweep)).toEqual(Array.from({ length: run.sweeps + 1 }, (_, t) => t));
  expect(Object.keys(traced.steps[0]?.banks ?? {})).not.toEqual([]);
});

/** A driver with the reference inside. */
function referenceDriver(answer: (q: DriverRun) => ReturnType<typeof runFixedLaw>) {
  const unload = vi.fn(async () => {});
  const load = async () => ({ run: async (q: DriverRun) => answer(q), unload });
  return { driver: { load } as unknown as Driver, unload };
}

test("a driver's outcomes are those of the run traced and untraced; the program is unloaded", async () => {
  const { driver, unload } = referenceDriver((q) => runFixedLaw(program, q));
  const { traced, untraced } = await driverOutcomes(driver, program, run);
  expect(traced).toEqual(await runOutcome((trace) => runFixedLaw(program, { ...run, trace })));
  expect(untraced).toEqual({ ...traced, steps: [] });
  expect(unload).toHaveBeenCalledOnce();
});

test('a program whose run fails is unloaded, too', async () => {
  const { driver, unload } = referenceDriver(() => {
    throw new Error('no');
  });
  await expect(driverOutcomes(driver, program, run)).rejects.toThrow('no');
  expect(unload).toHaveBeenCalledOnce();
});
