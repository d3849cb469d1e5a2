/** One case: a check on fresh devices, from its needs to its record. Whatever the device does is a verdict. */
import type { DeviceProfile } from '@isinglass/sdk';
import { type Check, type Level, TooFewSamples } from '../checks/check.ts';
import type { CheckContext } from '../checks/check-context.ts';
import { within } from '../lab/within.ts';
import { missingNeeds, needs } from '../profile/needs.ts';
import type { Provider, Tolerances } from '../provider/provider.ts';
import type { CaseRecord, StageRecord, Verdict } from '../report/records.ts';
import { caseId } from './case-id.ts';
import type { Deadlines } from './deadlines.ts';
import { DeviceSource } from './device-source.ts';
import { type ErrorRecord, errorRecord } from './error-record.ts';
import { HarnessError } from './harness-error.ts';
import { stageStream } from './seeds.ts';
import { runStages } from './stages.ts';
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
  const stages: StageRecord[] = [];
  const ended = await runGuarded(check, o, stages);
  return { ...record, ...conclusion(check, stages, ended), stages, seconds: (performance.now() - began) / 1000 };
}

interface Ended {
  /** What ended the check early. */
  readonly thrown: { readonly error: unknown } | null;
  /** What the device left behind. */
  readonly left: readonly ErrorRecord[];
}

async function runGuarded(check: Check, o: CaseSetting, stages: StageRecord[]): Promise<Ended> {
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
  if (thrown?.error instanceof HarnessError) throw thrown.error;
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
  stages: readonly StageRecord[],
  { thrown, left }: Ended,
): { readonly verdict: Verdict; readonly reason?: string; readonly errors: readonly ErrorRecord[] } {
  const errors = [...(thrown === null ? [] : [errorRecord(thrown.error)]), ...left];
  const [first] = errors;
  if (thrown?.error instanceof TooFewSamples && left.length === 0) {
    return { verdict: 'inconclusive', reason: thrown.error.message, errors: [] };
  }
  if (first !== undefined) {
    const from = first.from === undefined ? '' : `${first.from}: `;
    return { verdict: 'fail', reason: `${from}${first.name}: ${first.message}`, errors };
  }
  const stagesNeeded = plan.kind === 'logical' ? 1 : 2;
  const failed = stages.length === stagesNeeded && stages.every(({ rejected }) => rejected);
  return { verdict: failed ? 'fail' : 'pass', errors };
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([promise, aborted]).finally(() => signal.removeEventListener('abort', onAbort));
}
