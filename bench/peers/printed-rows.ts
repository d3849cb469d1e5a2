/** The lines that a peer's program prints, one JSON object a variant, as rows. python/timing.py says the same. */
import type { BenchRow } from '../src/rows/bench-row.ts';
import { rowOfPass } from '../src/rows/bench-row.ts';
import type { WorkloadFacts } from '../src/workloads/workload.ts';

export interface PrintedRows {
  readonly rows: readonly BenchRow[];
  /** Variants that cannot run on this machine: `bf16 …: why`. */
  readonly unavailable: readonly string[];
}

/** Throws TypeError on a line that is not what a peer prints. */
export function printedRows(output: string, workload: WorkloadFacts): PrintedRows {
  const rows: BenchRow[] = [];
  const unavailable: string[] = [];
  for (const line of output.split('\n')) {
    if (line.trim() === '') continue;
    const printed = fieldsOf(line);
    const variant = read(printed, 'variant', isString, line);
    if ('unavailable' in printed) {
      unavailable.push(`${variant}: ${read(printed, 'unavailable', isString, line)}`);
      continue;
    }
    rows.push(
      rowOfPass({
        workload,
        variant,
        samples: printed.samples !== false,
        implementation: read(printed, 'implementation', isString, line),
        threads: read(printed, 'threads', isPositive, line),
        seconds: read(printed, 'seconds', isPositiveList, line),
        sweeps: read(printed, 'sweeps', isPositive, line),
        checkEnergyPerSpin: read(printed, 'checkEnergyPerSpin', isFiniteOrNull, line),
        cpuShare: read(printed, 'cpuShare', isFiniteOrNull, line),
      }),
    );
  }
  return { rows, unavailable };
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new TypeError(`a peer printed a line that is not JSON: ${line.slice(0, 200)}`);
  }
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`a peer printed no object: ${line.slice(0, 200)}`);
  return value as Readonly<Record<string, unknown>>;
}

function read<T>(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  accepts: (value: unknown) => value is T,
  line: string,
): T {
  const value = fields[name];
  if (accepts(value)) return value;
  throw new TypeError(`a peer printed ${name}: ${JSON.stringify(value)} in ${line.slice(0, 200)}`);
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isPositive = (value: unknown): value is number => typeof value === 'number' && value > 0;
const isFiniteOrNull = (value: unknown): value is number | null => value === null || Number.isFinite(value);
const isPositiveList = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every(isPositive);
