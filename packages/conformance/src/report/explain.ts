/** What a case did and found, for people: plan, observed beside expected, effects with intervals, likely causes. */
import type { CheckPlan } from '../checks/check.ts';
import { effectText, numberText, pText } from './numbers.ts';
import type { CaseRecord, HypothesisRecord, StageRecord } from './records.ts';
import { isRejected, rankedSuspects, type Suspect } from './suspects.ts';

export interface ExplainOptions {
  readonly record: CaseRecord;
  /** Absent for a report of another suite. */
  readonly plan?: CheckPlan | undefined;
  /** All cases of the run, which narrow down the likely causes, and their plans. */
  readonly cases?: readonly CaseRecord[];
  readonly planOf?: (id: string) => CheckPlan | undefined;
  /** What a fault is, by id. */
  readonly faultTitle?: (fault: string) => string | undefined;
}

/** Lines that are shown of findings and of hypotheses; the report has all. */
const shownMax = 8;

/** Several lines of text, ending with a line break. */
export function explainCase({ record, plan, cases, planOf, faultTitle }: ExplainOptions): string {
  const plansOf = planOf ?? ((id: string): CheckPlan | undefined => (id === record.case ? plan : undefined));
  const suspects = rankedSuspects({ record, planOf: plansOf, ...(cases === undefined ? {} : { cases }) });
  const lines = [
    `${record.case}: ${record.verdict}${record.reason === undefined ? '' : ` (${record.reason})`}`,
    ...(plan === undefined ? [] : planLines(plan)),
    ...record.errors.map(({ name, code, message, from }) => {
      const codeText = code === undefined ? '' : ` [${code}]`;
      return `${from ?? 'thrown'}: ${name}${codeText}: ${message}`;
    }),
    ...record.stages.flatMap(stageLines),
    ...suspectLines(suspects, faultTitle),
  ];
  return `${lines.join('\n')}\n`;
}

function planLines(plan: CheckPlan): readonly string[] {
  const { title, how, statistic, samples, clauses, blindTo } = plan;
  return [
    `  A pass says: ${title}`,
    `  How:         ${how}`,
    `  Statistic:   ${statistic}`,
    `  Samples:     ${samples}`,
    `  Clauses:     ${clauses.join(', ') || '–'}`,
    `  Blind to:    ${blindTo.join(', ') || '–'}`,
  ];
}

function stageLines(stage: StageRecord): readonly string[] {
  const { rejected, findings = [], hypotheses = [] } = stage;
  const name = stage.stage === 0 ? 'First run' : 'Second run, fresh seeds';
  const wrong = findings.filter(({ ok }) => !ok);
  const ordered = hypotheses.toSorted((a, b) => a.p - b.p).slice(0, shownMax);
  const size =
    hypotheses.length > 0
      ? `${hypotheses.length} hypotheses, ${hypotheses.filter(isRejected).length} rejected at 1e-3 after Holm`
      : `${findings.length} findings, ${wrong.length} wrong`;
  return [
    `${name}: ${rejected ? 'against the device' : 'as it should be'} (${size})`,
    ...wrong
      .slice(0, shownMax)
      .flatMap(({ name: what, expected, actual }) => [
        `  ${what}`,
        ...(expected === undefined ? [] : [`    expected ${expected}`]),
        ...(actual === undefined ? [] : [`    observed ${actual}`]),
      ]),
    ...ordered.flatMap((hypothesis, n) => hypothesisLines(hypothesis, n === 0 && rejected)),
  ];
}

function hypothesisLines(hypothesis: HypothesisRecord, full: boolean): readonly string[] {
  const { name, p, adjusted, n, effect, table = [] } = hypothesis;
  const size = effect === undefined ? '' : `  ${effectText(effect)}`;
  return [
    `  ${name}: p ${pText(p)}, after Holm ${pText(adjusted)}, n ${n}${size}`,
    ...(full
      ? table.map((row) => `    ${row.label}: ${numberText(row.observed)}, expected ${numberText(row.expected)}`)
      : []),
  ];
}

function suspectLines(suspects: readonly Suspect[], faultTitle: ExplainOptions['faultTitle']): readonly string[] {
  if (suspects.length === 0) return [];
  return [
    'Likely causes:',
    ...suspects.slice(0, shownMax).map(({ fault, weight }) => {
      return `  ${fault.padEnd(8)} ${weight.toFixed(2)}  ${faultTitle?.(fault) ?? ''}`.trimEnd();
    }),
  ];
}
