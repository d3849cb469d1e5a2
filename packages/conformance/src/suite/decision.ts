/**
 * From what the stages of a case found to its verdict. Pure: the runner runs the stages that `decide` asks for.
 *
 *   logical        one run; anything wrong: fail
 *   near-certain   a second run on fresh seeds where the first is wrong; both wrong: fail
 *   statistical    a confirmation of four times the samples where the screen rejects; both reject: fail. A stage rejects where a p-value is at
 *                  most 1e-3 after Holm's correction over all hypotheses of the stage.
 *
 * Whatever the device throws is a failure at any stage. Too few samples, or none of the time left, at any stage: inconclusive.
 */
import type { CheckKind, Finding, Hypothesis } from '../checks/check.ts';
import { holmAdjusted } from '../statistics/holm.ts';
import { stageLevel } from '../statistics/power.ts';
import { HarnessError } from './harness-error.ts';

/** Probability of a rejection of one stage under the law, at most. */
export const alphaOfStage = stageLevel;
/** Probability that a near-certain check is wrong once under the law, at most. */
export const nearCertainMiss = 1e-5;

/** What one stage came to. */
export type StageResult =
  | { readonly kind: 'findings'; readonly findings: readonly Finding[] }
  | { readonly kind: 'hypotheses'; readonly hypotheses: readonly Hypothesis[] }
  | { readonly kind: 'too-few'; readonly reason: string }
  | { readonly kind: 'error'; readonly error: { readonly name: string; readonly message: string } };

export type Decision =
  | {
      readonly verdict: 'pass' | 'fail' | 'inconclusive';
      /** Why it is not a pass, one sentence. */
      readonly reason?: string;
      /** Findings or hypotheses that are against the device in every stage. */
      readonly against: readonly string[];
    }
  | { readonly verdict: 'open'; readonly next: 1 };

/** What is against the device in one stage. */
export interface Judgement {
  readonly rejected: boolean;
  readonly against: readonly string[];
  /** Holm's p-values in the order of the hypotheses; absent for findings. */
  readonly adjusted?: readonly number[];
}

export const stagesOf: Readonly<Record<CheckKind, 1 | 2>> = { logical: 1, 'near-certain': 2, statistical: 2 };

/** @throws HarnessError where findings or hypotheses are missing, or a p-value is no probability: a pass must be earned. */
export function judgeFindings(findings: readonly Finding[]): Judgement {
  if (findings.length === 0) throw new HarnessError('nothing was found, neither right nor wrong');
  const against = findings.filter(({ ok }) => !ok).map(({ name }) => name);
  return { rejected: against.length > 0, against };
}

/** @throws HarnessError as judgeFindings. */
export function judgeHypotheses(hypotheses: readonly Hypothesis[], alpha = alphaOfStage): Judgement {
  if (hypotheses.length === 0) throw new HarnessError('no hypothesis was tested');
  for (const { name, p, n } of hypotheses) {
    if (!(p >= 0 && p <= 1)) throw new HarnessError(`the p-value of "${name}" is ${p}`);
    if (!(n >= 0)) throw new HarnessError(`"${name}" was tested on ${n} samples`);
  }
  if (hypotheses.every(({ n }) => n === 0)) throw new HarnessError('no hypothesis had a sample');
  const adjusted = holmAdjusted(hypotheses.map(({ p }) => p));
  const against = hypotheses.filter((_, index) => (adjusted[index] as number) <= alpha).map(({ name }) => name);
  return { rejected: against.length > 0, against, adjusted };
}

/**
 * The verdict, or that another stage is needed.
 *
 * @param stages in the order they ran, at least one.
 * @throws HarnessError where a stage has the wrong kind, is missing, or should not have run.
 */
export function decide(kind: CheckKind, stages: readonly StageResult[]): Decision {
  if (stages.length === 0) throw new HarnessError('a decision needs a stage');
  const judged: Judgement[] = [];
  for (const [index, stage] of stages.entries()) {
    if (index >= stagesOf[kind] || judged.some(({ rejected }) => !rejected)) {
      throw new HarnessError(`stage ${index} of a ${kind} check ran after its verdict`);
    }
    if (stage.kind === 'error') {
      return { verdict: 'fail', reason: `${stage.error.name}: ${stage.error.message}`, against: [] };
    }
    if (stage.kind === 'too-few') return { verdict: 'inconclusive', reason: stage.reason, against: [] };
    judged.push(judge(kind, stage));
  }
  const [first, second] = judged;
  if (first === undefined || !first.rejected || second?.rejected === false) return { verdict: 'pass', against: [] };
  if (judged.length < stagesOf[kind]) return { verdict: 'open', next: 1 };
  const both = second === undefined ? first.against : second.against.filter((name) => first.against.includes(name));
  return { verdict: 'fail', reason: reasonOf(kind, second ?? first), against: both };
}

function judge(kind: CheckKind, stage: Extract<StageResult, { kind: 'findings' | 'hypotheses' }>): Judgement {
  if ((kind === 'statistical') !== (stage.kind === 'hypotheses')) {
    throw new HarnessError(`${stage.kind} of a ${kind} check`);
  }
  return stage.kind === 'hypotheses' ? judgeHypotheses(stage.hypotheses) : judgeFindings(stage.findings);
}

function reasonOf(kind: CheckKind, { against }: Judgement): string {
  const shown = against.slice(0, 3).join('; ');
  const more = against.length > 3 ? ` and ${against.length - 3} more` : '';
  if (kind === 'logical') return `wrong: ${shown}${more}`;
  return `${kind === 'statistical' ? 'rejected' : 'wrong'} twice on fresh seeds: ${shown}${more}`;
}

/** Probability, at most, that a case of this kind fails on a device that follows the law. */
export const falseFailOf: Readonly<Record<CheckKind, number>> = {
  logical: 0,
  'near-certain': nearCertainMiss ** 2,
  statistical: alphaOfStage ** 2,
};

/** Probability, at most, that any of these cases fails on a device that follows the law. */
export const falseFailBudget = (kinds: readonly CheckKind[]): number =>
  kinds.reduce((sum, kind) => sum + falseFailOf[kind], 0);
