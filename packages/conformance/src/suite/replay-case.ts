/** One case of a report again, with its seed: the same programs, the same requests. */
import { catalogue } from '../checks/catalogue.ts';
import type { Check } from '../checks/check.ts';
import type { Provider } from '../provider/provider.ts';
import type { CaseRecord, HeaderRecord, UnfinishedReport } from '../report/records.ts';
import { caseId } from './case-id.ts';
import { resumeProblems } from './resume.ts';
import { runSuite } from './run-suite.ts';

export interface ReplayOptions {
  readonly report: UnfinishedReport;
  /** `law.update` or `law.update@1`. */
  readonly case: string;
  readonly provider: Provider;
  /** Default: those of the report. */
  readonly flags?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Default: the catalogue. */
  readonly checks?: readonly Check[];
}

export interface Replayed {
  readonly recorded: CaseRecord;
  readonly again: CaseRecord;
  /** Same verdict, findings and p-values: a device that is repeatable gives the same. */
  readonly same: boolean;
  /** What differs between the report and this suite or device: then `same` says little. */
  readonly differences: readonly string[];
}

/** Thrown where a report has no such case, or this suite no such check. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}

export async function replayCase(o: ReplayOptions): Promise<Replayed> {
  const checks = o.checks ?? catalogue;
  const { header } = o.report;
  const recorded = caseOf(o.report, o.case);
  const check = checks.find(({ plan }) => caseId(plan) === recorded.case);
  if (check === undefined) throw new ReplayError(`this suite has no ${recorded.case}`);
  const { cases, header: now } = await runSuite({
    provider: o.provider,
    device: header.device,
    opened: header.opened,
    flags: o.flags ?? header.flags,
    level: header.level,
    seed: BigInt(header.seed),
    only: check.plan.id,
    deadlines: header.deadlines,
    checks,
    ...(o.signal === undefined ? {} : { signal: o.signal }),
  });
  const again = cases.find((record) => record.case === recorded.case);
  if (again === undefined) throw new ReplayError(`${recorded.case} does not run at level ${header.level}`);
  return { recorded, again, same: outcome(recorded) === outcome(again), differences: differences(header, now) };
}

/** The record of a case, by its id with or without version; throws ReplayError. */
export function caseOf({ cases }: UnfinishedReport, id: string): CaseRecord {
  const found = cases.find((record) => record.case === id || record.case.replace(/@\d+$/, '') === id);
  if (found !== undefined) return found;
  throw new ReplayError(`the report has no case "${id}"; it has ${cases.map((record) => record.case).join(', ')}`);
}

function differences(then: HeaderRecord, now: HeaderRecord): readonly string[] {
  const { selected, shard } = then;
  return resumeProblems(then, { ...now, selected, shard });
}

/** All of a record but its times. */
const outcome = ({ verdict, stages, errors }: CaseRecord): string =>
  JSON.stringify([verdict, errors, stages.map(({ seconds: _seconds, ...stage }) => stage)]);
