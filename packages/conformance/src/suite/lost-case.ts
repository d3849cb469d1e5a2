/** The verdict of a case during which the process of the suite ended: the device under test may end it, and then another process goes on. */
import { catalogue } from '../checks/catalogue.ts';
import type { Check, CheckPlan } from '../checks/check.ts';
import type { CaseRecord, UnfinishedReport } from '../report/records.ts';
import { caseId } from './case-id.ts';
import { checksOfShard } from './selection.ts';

/**
 * So often a case may have begun without an end before that is held against the device: once, a power cut or a person may have ended the process;
 * a case that ends every process that runs it would never let a run come to its end.
 */
export const endingsMax = 2;

export interface ProcessEnd {
  /** What comes after “the process”: `ended with exit code 3`, `was killed by SIGSEGV`. */
  readonly how: string;
  /** Since the case began. */
  readonly seconds: number;
  /** Default: the catalogue. */
  readonly checks?: readonly Check[];
}

/** A failure of the case that had begun when the process of the run ended, else of the next one; null where every case has its verdict. */
export function lostCase(
  report: UnfinishedReport,
  { how, seconds, checks = catalogue }: ProcessEnd,
): CaseRecord | null {
  const { header, cases, begun = [] } = report;
  const known = new Set(cases.map((record) => record.case));
  const selected = checks.filter(({ plan }) => header.selected.includes(caseId(plan)));
  const open = checksOfShard(checks, selected, header.shard).filter(({ plan }) => !known.has(caseId(plan)));
  const during = open.find(({ plan }) => caseId(plan) === begun.at(-1));
  if (during !== undefined) return lostRecord(during.plan, { how: `${how} during this case`, seconds });
  const [next] = open;
  return next === undefined ? null : lostRecord(next.plan, { how: `${how} right before this case`, seconds: 0 });
}

/** The failure of a case of which only the end of its process is known. */
export function lostRecord(plan: CheckPlan, { how, seconds }: Omit<ProcessEnd, 'checks'>): CaseRecord {
  const message = `the process ${how}`;
  return {
    record: 'case',
    case: caseId(plan),
    chapter: plan.chapter,
    kind: plan.kind,
    verdict: 'fail',
    reason: message,
    stages: [],
    errors: [{ name: 'ProcessEnded', message, from: 'process' }],
    seconds,
  };
}
