/** A run of the suite: header, cases one after the other, footer. */
import { catalogue } from '../checks/catalogue.ts';
import type { Check, Level } from '../checks/check.ts';
import type { Provider } from '../provider/provider.ts';
import { footerOf } from '../report/footer.ts';
import type { CaseRecord, HeaderRecord, Report, ReportRecord, UnfinishedReport } from '../report/records.ts';
import { caseId } from './case-id.ts';
import { type Deadlines, defaultDeadlines } from './deadlines.ts';
import { makeHeader } from './header.ts';
import { endingsMax, lostRecord } from './lost-case.ts';
import { resumeProblems } from './resume.ts';
import { type CaseSetting, runCase } from './run-case.ts';
import { randomSeed } from './seeds.ts';
import { checksOfShard, selectedChecks } from './selection.ts';
import { type Shard, wholeSuite } from './shard.ts';

export interface SuiteOptions {
  readonly provider: Provider;
  readonly level: Level;
  /** Of all random numbers, 64 bits. Default: random; the report has it. */
  readonly seed?: bigint;
  /** Default: all of it. */
  readonly shard?: Shard;
  /** Comma list of ids, patterns with `*`, `chapter:NAME`. Default: all checks of the level. */
  readonly only?: string;
  /** Handed to the provider. */
  readonly flags?: Readonly<Record<string, string>>;
  /** How the report names the device under test. */
  readonly device?: string;
  /** Whether that is a device URI or a provider module. Default: a provider. */
  readonly opened?: 'device' | 'provider';
  readonly deadlines?: Partial<Deadlines>;
  /** Stops the run between or inside cases: the promise rejects with its reason, and what was recorded can be resumed. */
  readonly signal?: AbortSignal;
  /** Called before a case runs. */
  readonly onCase?: (o: { readonly case: string; readonly done: number; readonly total: number }) => void;
  /** Called with every new record, in the order of the report; not with those of `resumeFrom`. */
  readonly onRecord?: (record: ReportRecord) => void | Promise<void>;
  /** A report without footer: its cases are not run again. One that had begun twice and has no verdict is failed: it ends the process that runs it. */
  readonly resumeFrom?: UnfinishedReport;
  /** Default: the catalogue. */
  readonly checks?: readonly Check[];
}

/** Thrown where a report cannot be gone on with. */
export class ResumeError extends Error {
  override readonly name = 'ResumeError';
}

/**
 * Runs the suite on a device. Never throws what the device throws: that is a verdict. Throws HarnessError for faults of the suite, QueryError for a
 * query that means nothing, ResumeError for a report of another run, and the signal's reason.
 */
export async function runSuite(o: SuiteOptions): Promise<Report> {
  const checks = o.checks ?? catalogue;
  const earlier = o.resumeFrom;
  const only = o.only ?? earlier?.header.only ?? null;
  const shard = o.shard ?? earlier?.header.shard ?? wholeSuite;
  const seed = o.seed ?? (earlier === undefined ? randomSeed() : BigInt(earlier.header.seed));
  const deadlines = { ...defaultDeadlines[o.level], ...o.deadlines };
  const signal = o.signal ?? new AbortController().signal;
  const setting = { provider: o.provider, flags: o.flags ?? {}, level: o.level, seed, deadlines, signal };

  const selected = selectedChecks(checks, { level: o.level, only });
  const device = o.device ?? 'provider';
  const header = await makeHeader({
    ...setting,
    device,
    opened: o.opened ?? 'provider',
    checks,
    selected,
    shard,
    only,
  });
  if (earlier !== undefined) {
    if (header.absent !== undefined && earlier.header.absent === undefined) {
      throw new ResumeError(`the device of this report does not open now: ${header.absent.reason}`);
    }
    const problems = resumeProblems(earlier.header, header);
    if (problems.length > 0) throw new ResumeError(`this report is of another run: ${problems.join('; ')}`);
  } else {
    await o.onRecord?.(header);
  }

  const cases: CaseRecord[] = [...(earlier?.cases ?? [])];
  const known = new Set(cases.map((record) => record.case));
  const mine = checksOfShard(checks, selected, shard);
  const verdictOn = async (check: Check): Promise<CaseRecord> => {
    const { profile, tolerances } = header;
    if (profile === null) return absentRecord(check, header);
    const endings = earlier?.begun?.filter((id) => id === caseId(check.plan)).length ?? 0;
    if (endings < endingsMax) return runNoted(check, { ...setting, profile, tolerances }, o.onRecord);
    return lostRecord(check.plan, { how: `ended ${endings} times during this case`, seconds: 0 });
  };
  for (const check of mine) {
    signal.throwIfAborted();
    const id = caseId(check.plan);
    if (known.has(id)) continue;
    o.onCase?.({ case: id, done: cases.length, total: mine.length });
    const record = await verdictOn(check);
    cases.push(record);
    await o.onRecord?.(record);
  }
  const first = earlier?.header ?? header;
  const footer = await footerOf(first, cases);
  await o.onRecord?.(footer);
  return { header: first, cases, footer };
}

/** Runs a case between two notes: that it has begun, and its verdict or that it was given up. */
async function runNoted(check: Check, setting: CaseSetting, onRecord: SuiteOptions['onRecord']): Promise<CaseRecord> {
  const id = caseId(check.plan);
  await onRecord?.({ record: 'begun', case: id });
  try {
    return await runCase(check, setting);
  } catch (error) {
    await onRecord?.({ record: 'stopped', case: id });
    throw error;
  }
}

/** The verdict of a case on a device that did not open: a failure, unless the provider says that there is none here. */
function absentRecord({ plan }: Check, { absent }: HeaderRecord): CaseRecord {
  const reason = absent?.reason ?? 'the device did not open';
  const isHere = absent?.kind !== 'unavailable';
  return {
    record: 'case',
    case: caseId(plan),
    chapter: plan.chapter,
    kind: plan.kind,
    verdict: isHere ? 'fail' : 'inconclusive',
    reason: isHere ? `the device did not open: ${reason}` : `no device: ${reason}`,
    stages: [],
    errors: [],
    seconds: 0,
  };
}
