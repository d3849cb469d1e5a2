/**
 * Runs the suite in a process of its own and watches over it. A device under test can end the process that it lives in (exit, a crash of native code,
 * the kernel when memory runs out) or block it for good: the case that had begun is then failed with how the process ended, and a new process goes on
 * with the rest. Each process that ends costs a case its verdict, so that there are no more of them than cases.
 */
import type { Report, ReportRecord, UnfinishedReport } from '@isinglass/conformance';
import { InterruptedError, ReportedError } from '../output/error-report.ts';
import { deviceName } from './device-under-test.ts';
import { conformance } from './suite.ts';
import type { SuiteJob } from './suite-messages.ts';
import { runProcess } from './watched-process.ts';

export interface SupervisedSuiteOptions {
  readonly job: SuiteJob;
  /** Stops the run once: the process closes its device and ends. */
  readonly signal: AbortSignal;
  readonly onCase: (o: { readonly case: string; readonly done: number; readonly total: number }) => void;
  /** With every new record; when it returns, the record is in the report. */
  readonly onRecord: (record: ReportRecord) => void;
  /** How long a process may be silent beyond the deadline of a case, in which it closes its devices. Default: 30 s. */
  readonly patienceMs?: number;
}

/** Signals that people and service managers send: no doing of the device. */
const fromOutside: readonly (NodeJS.Signals | null)[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Throws as `runSuite` does, with errors of the process as ReportedError; HarnessError where the process does not start, or ends while it opens the
 * device of a report that it goes on with; the signal's reason.
 */
export async function superviseSuite(o: SupervisedSuiteOptions): Promise<Report> {
  const { catalogue, defaultDeadlines, HarnessError, lostCase, reportOfRecords } = await conformance();
  const { caseMs } = { ...defaultDeadlines[o.job.level], ...o.job.deadlines };
  const { patienceMs = 30_000 } = o;
  const records = recordsOf(o.job.resumeFrom);
  let keptAt = performance.now();
  const keep = (record: ReportRecord): void => {
    o.onRecord(record);
    records.push(record);
    keptAt = performance.now();
  };
  for (;;) {
    o.signal.throwIfAborted();
    const earlier = records.length;
    const report = earlier === 0 ? undefined : reportOfRecords(records);
    const giveUp = (): void => {
      const last = records.length > earlier ? records.at(-1) : undefined;
      if (last?.record === 'begun') keep({ record: 'stopped', case: last.case });
    };
    const job = { ...o.job, ...(report === undefined ? {} : { resumeFrom: report }) };
    const silenceMs = caseMs + patienceMs;
    const ending = await runProcess({ job, signal: o.signal, onCase: o.onCase, keep, giveUp, silenceMs, patienceMs });
    if (ending.kind === 'finished') {
      const { header, cases } = reportOfRecords(records);
      return { header, cases, footer: ending.footer };
    }
    if (o.signal.aborted) {
      giveUp();
      throw o.signal.reason;
    }
    if (ending.kind === 'failed') throw new ReportedError(ending.error);
    if (ending.kind === 'not-started') throw new HarnessError(`the process of the suite ${ending.how} before it began`);
    if (fromOutside.includes(ending.signal)) throw new InterruptedError(`the process of the suite ${ending.how}`);
    if (records.length === 0) return unopenedReport(o, ending.how);
    if (records.length === earlier) {
      throw new HarnessError(`the process ${ending.how} while the device was opened to go on with the report`);
    }
    const seconds = (performance.now() - keptAt) / 1000;
    const lost = lostCase(reportOfRecords(records), { how: ending.how, seconds, checks: catalogue });
    if (lost === null) continue;
    keep(lost);
    process.stderr.write(`${lost.case}: ${lost.reason}; another process goes on\n`);
  }
}

function recordsOf(report: UnfinishedReport | undefined): ReportRecord[] {
  if (report === undefined) return [];
  const begun = (report.begun ?? []).map((id) => ({ record: 'begun', case: id }) as const);
  return [report.header, ...report.cases, ...begun];
}

/** A device that ends the process while it opens does not open: every case fails, with the reason. */
async function unopenedReport({ job, signal, onCase, onRecord }: SupervisedSuiteOptions, how: string): Promise<Report> {
  const { catalogue, runSuite } = await conformance();
  const { device, seed, backend: _, logLevel: __, ...suite } = job;
  const { name, ...named } = deviceName(device);
  const reason = new Error(`the process ${how} while the device was opened`);
  return runSuite({
    ...suite,
    ...named,
    ...(seed === undefined ? {} : { seed: BigInt(seed) }),
    device: name,
    provider: { create: () => Promise.reject(reason) },
    checks: catalogue,
    signal,
    onCase,
    onRecord,
  });
}
