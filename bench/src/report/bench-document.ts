/** The one JSON document of a run: printed with `--json`, always written, read again by `--against`. */
import { InvalidRequestError } from '@isinglass/sdk';
import type { BenchRow } from '../rows/bench-row.ts';
import type { WorkloadSize } from '../workloads/workload-list.ts';
import type { RowChange } from './compare-rows.ts';
import type { Disagreement } from './energy-agreement.ts';
import type { MachineFacts } from './machine.ts';
import type { Ratio } from './ratios.ts';

/** Readers accept this one. */
export const benchFormat = 'isinglass-bench-1';

export interface BenchDocument {
  readonly format: typeof benchFormat;
  /** ISO 8601, when the run began. */
  readonly startedAt: string;
  readonly seconds: number;
  /** The words after `bench`. */
  readonly command: readonly string[];
  /** Figures of different sizes compare with nothing. */
  readonly size: WorkloadSize;
  readonly machine: MachineFacts;
  readonly rows: readonly BenchRow[];
  /** What could not be measured, and why. */
  readonly failures: readonly Failure[];
  /** Rows whose energy is not that of the others: another law, or another dynamics out of equilibrium. Empty with quick sizes. */
  readonly disagreements: readonly Disagreement[];
  /** With peers: ours against the best of them, per workload. */
  readonly ratios: readonly Ratio[];
  /** With an earlier document: how each row changed. */
  readonly changes: readonly RowChange[];
}

export interface Failure {
  /** Null: every workload. */
  readonly workload: string | null;
  readonly implementation: string;
  /** A peer that is missing or fails leaves the run whole; a device that fails does not. */
  readonly peer: boolean;
  readonly message: string;
}

/** Throws InvalidRequestError when the text is no such document. */
export function parseBenchDocument(text: string, path: string): Pick<BenchDocument, 'size' | 'rows' | 'machine'> {
  const refuse = (why: string): InvalidRequestError =>
    new InvalidRequestError(`${path} is not a result of the bench: ${why}`, { where: path });
  let document: Partial<BenchDocument>;
  try {
    document = JSON.parse(text) as Partial<BenchDocument>;
  } catch {
    throw refuse('it is not JSON');
  }
  const { format, size, rows, machine } = document ?? {};
  if (format !== benchFormat) throw refuse(`its format is ${JSON.stringify(format)}, not ${benchFormat}`);
  if (size !== 'full' && size !== 'quick') throw refuse(`its size is ${JSON.stringify(size)}`);
  if (!Array.isArray(rows) || machine === undefined) throw refuse('it has no rows or no machine');
  const bad = rows.findIndex(
    ({ workload, gsopPerSecond }: Partial<BenchRow>) => typeof workload !== 'string' || !(Number(gsopPerSecond) > 0),
  );
  if (bad >= 0) throw refuse(`row ${bad} has no workload or no speed`);
  return { size, rows, machine };
}
