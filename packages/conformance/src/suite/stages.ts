/** Runs the stages of a case that the decision asks for, and records what they found. */
import type { Check, Hypothesis } from '../checks/check.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { HypothesisRecord, StageRecord } from '../report/records.ts';
import { decide, judgeFindings, judgeHypotheses, type StageResult } from './decision.ts';
import { cut } from './error-record.ts';

/** A stage that ran to its end: for the decision, and for the report. */
export interface FinishedStage {
  readonly result: Extract<StageResult, { kind: 'findings' | 'hypotheses' }>;
  readonly record: StageRecord;
}

/** Tables are kept for so many of the smallest p-values of a stage; those of one value always. */
const tablesKept = 4;

/** Runs stages until the verdict is clear, each handed to `onStage` as it ends. Throws what the check throws. */
export async function runStages(
  check: Check,
  contextOf: (stage: 0 | 1) => CheckContext,
  onStage: (stage: FinishedStage) => void,
): Promise<void> {
  const results: StageResult[] = [];
  let next: 0 | 1 | null = 0;
  while (next !== null) {
    const finished = await runStage(check, contextOf(next), next);
    onStage(finished);
    results.push(finished.result);
    const decision = decide(check.plan.kind, results);
    next = decision.verdict === 'open' ? decision.next : null;
  }
}

async function runStage(check: Check, context: CheckContext, stage: 0 | 1): Promise<FinishedStage> {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  if ('sample' in check) {
    const hypotheses = await check.sample(context);
    const { rejected, adjusted = [] } = judgeHypotheses(hypotheses);
    const record = { stage, rejected, seconds: seconds(), hypotheses: hypothesisRecords(hypotheses, adjusted) };
    return { result: { kind: 'hypotheses', hypotheses }, record };
  }
  const findings = await check.run(context);
  const { rejected } = judgeFindings(findings);
  const texts = findings.map(({ name, ok, expected, actual }) => ({
    name,
    ok,
    ...(expected === undefined ? {} : { expected: cut(expected) }),
    ...(actual === undefined ? {} : { actual: cut(actual) }),
  }));
  return { result: { kind: 'findings', findings }, record: { stage, rejected, seconds: seconds(), findings: texts } };
}

function hypothesisRecords(
  hypotheses: readonly Hypothesis[],
  adjusted: readonly number[],
): readonly HypothesisRecord[] {
  const order = [...hypotheses.entries()].toSorted(([, a], [, b]) => a.p - b.p).map(([n]) => n);
  const shown = new Set(order.slice(0, tablesKept));
  return hypotheses.map(({ table, effect, ...rest }, n) => ({
    ...rest,
    adjusted: adjusted[n] as number,
    ...(effect === undefined ? {} : { effect: { ...effect, low: end(effect.low), high: end(effect.high) } }),
    ...(table === undefined || (table.length > 1 && !shown.has(n)) ? {} : { table }),
  }));
}

const end = (value: number): number | null => (Number.isFinite(value) ? value : null);
