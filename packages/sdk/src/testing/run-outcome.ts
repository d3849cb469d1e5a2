/** Runs by whatever runs them, a driver or a reference machine, and all that they give as data: what two machines have to agree on, bit for bit. */
import type { Driver, DriverReadout, DriverResult, DriverRun, TraceListener } from '../contract/driver.ts';
import type { Program } from '../program/program.ts';
import type { PackedSpins } from '../spins/packed-spins.ts';
import type { RunData } from './vector-run.ts';

/** One sweep of a trace. */
export interface TraceStep {
  /** 0: the initial state. */
  readonly sweep: number;
  readonly banks: Readonly<Record<string, PackedSpins>>;
}

/** Everything that a run gives. */
export interface RunOutcome {
  readonly readouts: readonly DriverReadout[];
  /** Undefined unless the run keeps its last state on the host. */
  readonly last: Readonly<Record<string, PackedSpins>> | undefined;
  /** The counter of that name, where there is one. */
  readonly flips: number | undefined;
  /** Sweep 0 … G; empty when the run was not traced. */
  readonly steps: readonly TraceStep[];
}

/** The run as a driver takes it: with a signal that nobody aborts, unless `more` says otherwise. */
export function driverRun(run: RunData, more: Partial<DriverRun> = {}): DriverRun {
  return { ...run, signal: new AbortController().signal, ...more };
}

/** The outcome of one run: traced, if `run` hands the listener on. */
export async function runOutcome(
  run: (trace: TraceListener) => DriverResult | Promise<DriverResult>,
): Promise<RunOutcome> {
  const steps: TraceStep[] = [];
  const { readouts, last, counters } = await run((sweep, banks) => void steps.push({ sweep, banks }));
  return { readouts, last, flips: counters.flips, steps };
}

/** Loads the program, runs it traced and again as users run it, and unloads it. Apart from the steps both outcomes have to be the same. */
export async function driverOutcomes(
  driver: Driver,
  program: Program,
  run: RunData,
): Promise<{ readonly traced: RunOutcome; readonly untraced: RunOutcome }> {
  const loaded = await driver.load(program, {});
  try {
    const traced = await runOutcome((trace) => loaded.run(driverRun(run, { trace })));
    const untraced = await runOutcome(() => loaded.run(driverRun(run)));
    return { traced, untraced };
  } finally {
    await loaded.unload();
  }
}
