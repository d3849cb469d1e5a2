/**
 * The stages of a case. Logical checks run once. Near-certain and statistical checks run again, on fresh seeds, where the first run is against the
 * device, and fail only if the second is, too.
 */
import type { Check, Hypothesis } from '../checks/check.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { HypothesisRecord, StageRecord } from '../report/records.ts';
import { holmAdjusted } from '../statistics/holm.ts';
import { cut } from './error-record.ts';
import { HarnessError } from './harness-error.ts';

/** Each stage of a statistical check may reject a true law with this probability. */
const alphaOfStage = 1e-3;

/** Tables are kept for so many of the smallest p-values of a stage. */
const tablesKept = 4;

/** Runs the stages, each handed to `onStage` as it ends; the device is against the law if all of them are rejected. */
export async function runStages(
  check: Check,
  contextOf: (stage: 0 | 1) => CheckContext,
  onStage: (stage: StageRecord) => void,
): Promise<void> {
  const stages: readonly (0 | 1)[] = check.plan.kind === 'logical' ? [0] : [0, 1];
  for (const stage of stages) {
    const record = await runStage(check, contextOf(stage), stage);
    onStage(record);
    if (!record.rejected) return;
  }
}

async function runStage(check: Check, context: CheckContext, stage: 0 | 1): Promise<StageRecord> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  if ('sample' in check) {
    const hypotheses = hypothesisRecords(check.plan.id, await check.sample(context));
    const rejected = hypotheses.some(({ adjusted }) => adjusted <= alphaOfStage);
    return { stage, rejected, seconds: seconds(), hypotheses };
  }
  const findings = await check.run(context);
  if (findings.length === 0) throw new HarnessError(`${check.plan.id} found nothing, neither right nor wrong`);
  const texts = findings.map(({ name, ok, expected, actual }) => ({
    name,
    ok,
    ...(expected === undefined ? {} : { expected: cut(expected) }),
    ...(actual === undefined ? {} : { actual: cut(actual) }),
  }));
  return { stage, rejected: findings.some(({ ok }) => !ok), seconds: seconds(), findings: texts };
}

function hypothesisRecords(id: string, hypotheses: readonly Hypothesis[]): readonly HypothesisRecord[] {
  if (hypotheses.length === 0) throw new HarnessError(`${id} tested no hypothesis`);
  for (const { name, p } of hypotheses) {
    if (!(p >= 0 && p <= 1)) throw new HarnessError(`${id}: the p-value of "${name}" is ${p}`);
  }
  const adjusted = holmAdjusted(hypotheses.map(({ p }) => p));
  const order = hypotheses.map((_, n) => n).toSorted((a, b) => pOf(hypotheses, a) - pOf(hypotheses, b));
  const shown = new Set(order.slice(0, tablesKept));
  return hypotheses.map(({ table, effect, ...rest }, n) => ({
    ...rest,
    adjusted: adjusted[n] as number,
    ...(effect === undefined ? {} : { effect: { ...effect, low: end(effect.low), high: end(effect.high) } }),
    ...(table === undefined || !shown.has(n) ? {} : { table }),
  }));
}

const pOf = (hypotheses: readonly Hypothesis[], n: number): number => hypotheses[n]?.p ?? 1;
const end = (value: number): number | null => (Number.isFinite(value) ? value : null);
