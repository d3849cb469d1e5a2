/** One run of a program as data, and what a device answered: everything that can be compared. */
import {
  type BankLayout,
  type Block,
  blockLayout,
  type DriverResult,
  type DriverRun,
  type LoadedProgram,
  type PackedSpins,
  type Program,
  type Start,
} from '@isinglass/sdk';
import type { Lab } from '../lab/lab.ts';

export type PlannedStart = Exclude<Start, { kind: 'resume' }>;

/** All of a driver's run but its listeners. */
export interface RunPlan extends Omit<DriverRun, 'signal' | 'onProgress' | 'trace' | 'start'> {
  readonly start: PlannedStart;
  readonly traced: boolean;
  /** A second run that goes on with rows of the first: `keep` is `host` or `device`. */
  readonly next?: Continuation;
}

export interface Continuation {
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
}

export type TracedStates = Readonly<Record<string, PackedSpins>>;

export interface RunOutcome {
  readonly result: DriverResult;
  /** Sweep 0 … sweeps; empty where the run was not traced. */
  readonly trace: readonly TracedStates[];
  /** Of the continuation. */
  readonly next?: RunOutcome;
}

export const blockOf = (program: Program, index: number): Block => {
  const found = program.json.stages.find((stage): stage is Block => stage.kind === 'block' && stage.index === index);
  if (found === undefined) throw new RangeError(`the program has no block ${index}`);
  return found;
};

export const freeLayout = (program: Program, block: number): readonly BankLayout[] =>
  blockLayout(blockOf(program, block)).filter(({ bank }) => bank.role === 'free');

/** Runs a plan, its continuation included; handles are released. */
export async function runPlan(lab: Lab, loaded: LoadedProgram, plan: RunPlan): Promise<RunOutcome> {
  const { next: then, ...first } = plan;
  const outcome = await runOnce(lab, loaded, first);
  if (then === undefined) return outcome;
  const { handle, last } = outcome.result;
  if (handle === undefined && last === undefined) {
    throw new Error(`the device kept no state: keep was "${plan.keep}"`);
  }
  const rows = Uint32Array.from({ length: plan.images.length * plan.chains }, (_, row) => row);
  const start: Start = handle !== undefined ? { kind: 'resume', handle, rows } : { kind: 'given', states: last ?? {} };
  try {
    const { sweeps, burnIn, stride } = then;
    const next = {
      ...first,
      ...{ sweeps, burnIn, stride, start, keep: 'host' as const },
      sweepOffset: plan.sweepOffset + plan.sweeps,
      temperatures: null,
    };
    return { ...outcome, next: await runOnce(lab, loaded, next) };
  } finally {
    handle?.release();
  }
}

/** One run, without its continuation. */
export async function runOnce(
  lab: Lab,
  loaded: LoadedProgram,
  plan: Omit<RunPlan, 'next' | 'start'> & { readonly start: Start },
): Promise<RunOutcome> {
  const { traced, ...run } = plan;
  const trace: TracedStates[] = [];
  const listener = (sweep: number, banks: TracedStates): void => {
    trace[sweep] = Object.fromEntries(
      Object.entries(banks).map(([id, spins]) => [id, { ...spins, words: spins.words.slice() }]),
    );
  };
  const result = await lab.within(
    'run',
    loaded.run({ ...run, signal: new AbortController().signal, ...(traced ? { trace: listener } : {}) }),
  );
  return { result, trace };
}
