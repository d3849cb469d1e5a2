/** One case: a check on fresh devices, from its needs to its record. Whatever the device does is a verdict. */
import type { DeviceProfile } from '@isinglass/sdk';
import { type Check, type Level, TooFewSamples } from '../checks/check.ts';
import type { CheckContext } from '../checks/check-context.ts';
import { within } from '../lab/within.ts';
import { missingNeeds, needs } from '../profile/needs.ts';
import type { Provider, Tolerances } from '../provider/provider.ts';
import type { CaseRecord, Verdict } from '../report/records.ts';
import { caseId } from './case-id.ts';
import type { Deadlines } from './deadlines.ts';
import { decide, type StageResult } from './decision.ts';
import { DeviceSource } from './device-source.ts';
import { type ErrorRecord, errorRecord } from './error-record.ts';
import { HarnessError } from './harness-error.ts';
import { stageStream } from './seeds.ts';
import { type FinishedStage, runStages } from './stages.ts';
import { watchStrayErrors } from './stray-errors.ts';

export interface CaseSetting {
  readonly provider: Provider;
  readonly flags: Readonly<Record<string, string>>;
  /** As the first device of the run had it. */
  readonly profile: DeviceProfile;
  readonly tolerances: { readonly claimed: Tolerances; readonly admitted: Tolerances };
  readonly level: Level;
  readonly seed: bigint;
  readonly deadlines: Deadlines;
  /** Whether to look for faults that would explain a rejection. Default: true. */
  readonly suspects?: boolean;
  /** Ends the run of the suite: the case is then without a record. */
  readonly signal: AbortSignal;
}

/** Throws HarnessError for a fault of the suite, and the signal's reason when it is aborted; never anything of the device. */
export async function runCase(check: Check, o: CaseSetting): Promise<CaseRecord> {
  const { plan } = check;
  const record = { record: 'case', case: caseId(plan), chapter: plan.chapter, kind: plan.kind } as const;
  const missing = missingNeeds({ ...o.profile, tolerances: o.tolerances.claimed }, plan.needs);
  if (missing.length > 0) {
    const reason = `the profile does not declare ${missing.map((need) => needs[need]).join(', ')}`;
    return { ...record, verdict: 'unsupported', reason, missing, stages: [], errors: [], seconds: 0 };
  }
  const began = performance.now();
  const stages: FinishedStage[] = [];
  const ended = await runGuarded(check, o, stages);
  const seconds = (performance.now() - began) / 1000;
  return { ...record, ...conclusion(check, stages, ended), stages: stages.map((stage) => stage.record), seconds };
}

interface Ended {
  /** What ended the check early. */
  readonly thrown: { readonly error: unknown } | null;
  /** What the device left behind. */
  readonly left: readonly ErrorRecord[];
}

async function runGuarded(check: Check, o: CaseSetting, stages: FinishedStage[]): Promise<Ended> {
  o.signal.throwIfAborted();
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, o.signal]);
  const devices = new DeviceSource({ ...o, signal });
  const strays = watchStrayErrors();
  let thrown: Ended['thrown'] = null;
  const running = runStages(
    check,
    (stage) => contextOf(check, o, { stage, devices, signal }),
    (stage) => {
      if (!over.signal.aborted) stages.push(stage);
    },
  );
  try {
    await within(`case ${check.plan.id}`, orAborted(running, o.signal), o.deadlines.caseMs);
  } catch (error) {
    thrown = { error };
  }
  // What a check that was given up does later is nobody's.
  running.catch(() => {});
  over.abort(new Error('the case is over'));
  const unclosed = await devices.closeAll();
  await strays.stop();
  o.signal.throwIfAborted();
  if (thrown?.error instanceof HarnessError) {
    throw new HarnessError(`${check.plan.id}: ${thrown.error.message}`, { cause: thrown.error });
  }
  return { thrown, left: [...unclosed, ...strays.found.map(({ kind, error }) => errorRecord(error, kind))] };
}

function contextOf(
  { plan }: Check,
  o: CaseSetting,
  { stage, devices, signal }: { stage: 0 | 1; devices: DeviceSource; signal: AbortSignal },
): CheckContext {
  const stream = stageStream(o.seed, plan, stage);
  return {
    profile: o.profile,
    level: o.level,
    tolerances: o.tolerances.admitted,
    suspects: o.suspects ?? true,
    stage,
    samples: (n) => (stage === 0 ? n : 4 * n),
    byLevel: (byLevel) => byLevel[o.level],
    random: (name) => stream.fork(name),
    open: () => devices.open(),
    signal,
  };
}

function conclusion(
  { plan }: Check,
  stages: readonly FinishedStage[],
  { thrown, left }: Ended,
): { readonly verdict: Verdict; readonly reason?: string; readonly errors: readonly ErrorRecord[] } {
  const results: StageResult[] = stages.map(({ result }) => result);
  const tooFew = thrown?.error instanceof TooFewSamples ? thrown.error.message : null;
  const error = thrown === null || tooFew !== null ? null : errorRecord(thrown.error);
  if (tooFew !== null) results.push({ kind: 'too-few', reason: tooFew });
  if (error !== null) results.push({ kind: 'error', error });
  const errors = [...(error === null ? [] : [error]), ...left];
  const [first] = left;
  if (error === null && first !== undefined) {
    return { verdict: 'fail', reason: `${first.from ?? 'left behind'}: ${first.name}: ${first.message}`, errors };
  }
  const { verdict, ...decision } = decide(plan.kind, results);
  if (verdict === 'open') throw new HarnessError(`${plan.id} ended before its verdict`);
  const reason = 'reason' in decision ? decision.reason : undefined;
  return { verdict, ...(reason === undefined ? {} : { reason }), errors };
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
