/** What one child process is asked to measure: plain data. */
import { InvalidRequestError } from '@isinglass/sdk';
import type { WorkloadSize } from '../workloads/workload-list.ts';
import { type Target, targets } from './target.ts';
import type { Variant } from './variant.ts';

export interface PassRequest {
  /** Name of a target. */
  readonly target: string;
  readonly size: WorkloadSize;
  /** Of a workload; null for the paper's blocks. */
  readonly workloadFile: string | null;
  readonly uri: string;
  readonly threads: number | null;
  readonly variant: Variant;
  /** Whether to measure the energy. */
  readonly check: boolean;
  readonly timing: Timing;
}

export interface Timing {
  /** Engines compile in the background: before this much work a speed means nothing. */
  readonly warmUpMs: number;
  /** About so long is a repetition: many sweeps, beside which the start of a run is short. */
  readonly repetitionMs: number;
  readonly repetitions: number;
}

/** A pass is short beside the minutes in which a neighbour comes and goes. */
export const timings: Readonly<Record<WorkloadSize, Timing>> = {
  full: { warmUpMs: 600, repetitionMs: 1000, repetitions: 5 },
  quick: { warmUpMs: 20, repetitionMs: 5, repetitions: 3 },
};

/** Throws InvalidRequestError that lists the known names. */
export function targetNamed(name: string): Target {
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  const known = targets.map((target) => target.name).join(', ');
  throw new InvalidRequestError(`no workload ${JSON.stringify(name)}; there are ${known}`, { where: 'only' });
}
