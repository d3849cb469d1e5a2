/** What passes between the command `conformance run` and the process in which it runs the suite. Devices may send messages, too: ours have a key of their own. */
import type { Deadlines, Level, ReportRecord, Shard, UnfinishedReport } from '@isinglass/conformance';
import type { ErrorReport } from '../output/error-report.ts';
import type { LogLevel } from '../output/logger.ts';
import type { DeviceFlags } from './device-under-test.ts';

/** All that a run of the suite is given. Survives JSON. */
export interface SuiteJob {
  readonly device: DeviceFlags;
  readonly backend: readonly string[];
  readonly logLevel: LogLevel;
  readonly level: Level;
  /** Decimal. */
  readonly seed?: string;
  readonly shard?: Shard;
  readonly only?: string;
  readonly deadlines?: Partial<Deadlines>;
  readonly resumeFrom?: UnfinishedReport;
}

/** `case` is told before a case, `record` waits for its `kept`, and `failed` comes last where the footer does not. */
export type FromSuite =
  | { readonly isinglass: 'ready' }
  | { readonly isinglass: 'case'; readonly case: string; readonly done: number; readonly total: number }
  | { readonly isinglass: 'record'; readonly record: ReportRecord }
  | { readonly isinglass: 'failed'; readonly error: ErrorReport };

export type ToSuite =
  | { readonly isinglass: 'job'; readonly job: SuiteJob }
  /** The record is in the report. */
  | { readonly isinglass: 'kept' }
  /** The user ended the command. */
  | { readonly isinglass: 'stop' };

/** Whether a message is one of these. */
export const isSuiteMessage = (message: unknown): message is FromSuite | ToSuite =>
  typeof message === 'object' && message !== null && 'isinglass' in message;
