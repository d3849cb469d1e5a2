/**
 * How often the suite fails a device that follows the law: many runs on fresh seeds, and what each check's p-values were. A record is a list of runs,
 * so it can be made in parts, by several machines, and gone on with.
 */
import type { Check, Level } from '../checks/check.ts';
import type { Provider } from '../provider/provider.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { CaseRecord } from '../report/records.ts';
import { binomialUpperTail } from '../statistics/binomial.ts';
import { runSuite } from '../suite/run-suite.ts';

/** One run of the suite. */
export interface NullRun {
  /** The seed of run n is the first 64 bits of the stream `null-record/n` of the base seed. */
  readonly run: number;
  readonly seed: string;
  /** Version of the suite and hash of its plans. */
  readonly suite: string;
  readonly seconds: number;
  readonly cases: readonly NullCase[];
}

export interface NullCase {
  readonly case: string;
  readonly verdict: CaseRecord['verdict'];
  /** Whether the first stage was against the device. */
  readonly screenRejected: boolean;
  /** The smallest p-value of the first stage after Holm's correction; null for checks without p-values. */
  readonly p: number | null;
}

export interface NullRecordOptions {
  readonly provider: Provider;
  readonly level: Level;
  readonly base: bigint;
  /** Which runs. */
  readonly runs: readonly number[];
  readonly checks?: readonly Check[];
  readonly signal?: AbortSignal;
  readonly onRun: (run: NullRun) => void | Promise<void>;
}

/** The seed of a run of a record. */
export function seedOfRun(base: bigint, run: number): bigint {
  return new RandomStream(base, `null-record/${run}`).bits64();
}

/** One run after the other; throws as `runSuite`. */
export async function recordNullRuns(o: NullRecordOptions): Promise<void> {
  const { provider, level, signal, checks } = o;
  for (const run of o.runs) {
    const seed = seedOfRun(o.base, run);
    const began = performance.now();
    const report = await runSuite({
      provider,
      level,
      seed,
      ...(signal === undefined ? {} : { signal }),
      ...(checks === undefined ? {} : { checks }),
    });
    const seconds = (performance.now() - began) / 1000;
    const { seed: text, suite } = report.header;
    const version = `${suite.version} ${suite.manifest.slice(0, 19)}`;
    await o.onRun({ run, seed: text, suite: version, seconds, cases: report.cases.map(nullCase) });
  }
}

function nullCase({ case: id, verdict, stages }: CaseRecord): NullCase {
  const [screen] = stages;
  const adjusted = screen?.hypotheses?.map((hypothesis) => hypothesis.adjusted) ?? [];
  const p = adjusted.length === 0 ? null : Math.min(...adjusted);
  return { case: id, verdict, screenRejected: screen?.rejected ?? false, p };
}

/** Nominal levels at which shares of p-values are counted. */
export const nullLevels = [0.05, 0.01, 0.001] as const;

/** What a check did in all runs of a record. */
export interface NullSummary {
  readonly case: string;
  readonly runs: number;
  readonly verdicts: Readonly<Record<CaseRecord['verdict'], number>>;
  readonly screensRejected: number;
  /** Runs whose smallest adjusted p-value is at most the level; null for checks without p-values. */
  readonly below: Readonly<Record<(typeof nullLevels)[number], number>> | null;
  /**
   * Probability that so many of the runs or more are at or below a level, if p-values keep their level: one-sided binomial, the smallest of the three.
   * Below 1e-3 the check is liberal.
   */
  readonly liberalP: number | null;
}

/** By check, in the order of the first run. Runs that appear twice count once. */
export function summarizeNullRuns(runs: readonly NullRun[]): readonly NullSummary[] {
  const distinct = [...new Map(runs.map((run) => [run.run, run])).values()];
  const byCase = Map.groupBy(
    distinct.flatMap(({ cases }) => cases),
    (each) => each.case,
  );
  return [...byCase].map(([id, cases]) => summary(id, cases));
}

function summary(id: string, cases: readonly NullCase[]): NullSummary {
  const count = (verdict: CaseRecord['verdict']): number => cases.filter((each) => each.verdict === verdict).length;
  const values = cases.map(({ p }) => p).filter((p) => p !== null);
  const atMost = (level: number): number => values.filter((p) => p <= level).length;
  const below = values.length === 0 ? null : { 0.05: atMost(0.05), 0.01: atMost(0.01), 0.001: atMost(0.001) };
  return {
    case: id,
    runs: cases.length,
    verdicts: {
      pass: count('pass'),
      fail: count('fail'),
      inconclusive: count('inconclusive'),
      unsupported: count('unsupported'),
    },
    screensRejected: cases.filter(({ screenRejected }) => screenRejected).length,
    below,
    liberalP:
      below === null
        ? null
        : Math.min(...nullLevels.map((level) => binomialUpperTail(below[level], values.length, level))),
  };
}
