/**
 * The records of a report, each a line of JSON (report.jsonl): one header, then for every case that it has begun and its verdict, one footer. A case
 * that had begun and has no verdict is the one during which the process of the run ended.
 */
import type { DeviceProfile } from '@isinglass/sdk';
import type { Chapter, CheckKind, Effect, Finding, Hypothesis, Level } from '../checks/check.ts';
import type { Need } from '../profile/needs.ts';
import type { Tolerances } from '../provider/provider.ts';
import type { Deadlines } from '../suite/deadlines.ts';
import type { ErrorRecord } from '../suite/error-record.ts';
import type { Shard } from '../suite/shard.ts';

export const reportFormat = 'isinglass-conformance/2';

/** `unsupported`: the profile does not declare what the check needs. */
export type Verdict = 'pass' | 'fail' | 'inconclusive' | 'unsupported';

export interface HeaderRecord {
  readonly record: 'header';
  readonly format: typeof reportFormat;
  readonly suite: {
    readonly version: string;
    /** `sha256:…` of all plans. */
    readonly manifest: string;
  };
  readonly specification: string;
  /** What was asked for: a device URI or a provider module, with its flags. */
  readonly device: string;
  readonly opened: 'device' | 'provider';
  readonly flags: Readonly<Record<string, string>>;
  /** Null where the device did not open; then `absent` says why. */
  readonly profile: DeviceProfile | null;
  readonly profileHash: string | null;
  readonly absent?: { readonly kind: 'unavailable' | 'failed'; readonly reason: string };
  readonly level: Level;
  /** `0x` and 16 hex digits. */
  readonly seed: string;
  readonly shard: Shard;
  /** The query that chose cases; null: all of the level. */
  readonly only: string | null;
  /** All cases chosen by level and query, of all shards, in the order of ids. */
  readonly selected: readonly string[];
  readonly tolerances: { readonly claimed: Tolerances; readonly admitted: Tolerances };
  readonly deadlines: Deadlines;
  readonly environment: Readonly<Record<string, string>>;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
}

/** A case is about to run: on the disk before it does. */
export interface BegunRecord {
  readonly record: 'begun';
  readonly case: string;
}

/** The case that had begun was given up, because the run was stopped or the suite has a fault: nothing is held against it, and it begins anew. */
export interface StoppedRecord {
  readonly record: 'stopped';
  readonly case: string;
}

export interface CaseRecord {
  readonly record: 'case';
  /** `law.update@1`. */
  readonly case: string;
  readonly chapter: Chapter;
  readonly kind: CheckKind;
  readonly verdict: Verdict;
  /** Why it is inconclusive or unsupported, or what failed, one sentence. */
  readonly reason?: string;
  readonly missing?: readonly Need[];
  readonly stages: readonly StageRecord[];
  /** What the device threw, left hanging, or left behind. */
  readonly errors: readonly ErrorRecord[];
  readonly seconds: number;
}

export interface StageRecord {
  readonly stage: 0 | 1;
  readonly rejected: boolean;
  readonly seconds: number;
  /** Logical and near-certain checks. */
  readonly findings?: readonly Finding[];
  /** Statistical checks. */
  readonly hypotheses?: readonly HypothesisRecord[];
}

/** A hypothesis without its table, unless its p-value is among the smallest of its stage. */
export interface HypothesisRecord extends Omit<Hypothesis, 'effect'> {
  /** After Holm's correction over the hypotheses of the stage. */
  readonly adjusted: number;
  readonly effect?: EffectRecord;
}

/** Ends of the interval are null where it has none. */
export interface EffectRecord extends Omit<Effect, 'low' | 'high'> {
  readonly low: number | null;
  readonly high: number | null;
}

export interface FooterRecord {
  readonly record: 'footer';
  /** Of the whole: fail, else inconclusive, else pass. */
  readonly verdict: Exclude<Verdict, 'unsupported'>;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Sum of the cases' times. */
  readonly seconds: number;
  /** What a vendor may say, or `no claim: …`. */
  readonly claim: string;
  /** `sha256:…` of the lines of the header and of the verdicts, in their order. */
  readonly digest: string;
  readonly endedAt: string;
}

export type ReportRecord = HeaderRecord | BegunRecord | StoppedRecord | CaseRecord | FooterRecord;

/** A finished run of the suite. */
export interface Report {
  readonly header: HeaderRecord;
  readonly cases: readonly CaseRecord[];
  readonly footer: FooterRecord;
}

/** A run that was stopped, or one that goes on. */
export interface UnfinishedReport {
  readonly header: HeaderRecord;
  readonly cases: readonly CaseRecord[];
  /** Cases that had begun when the process of the run ended, once for each time; those with a verdict are not among them. Absent: none. */
  readonly begun?: readonly string[];
  readonly footer: FooterRecord | null;
}

/** One line of report.jsonl, with its line end. */
export const recordLine = (record: ReportRecord): string => `${JSON.stringify(record)}\n`;
