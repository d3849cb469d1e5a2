/**
 * Which planted faults would look like what a run found. Each fault says which checks find it and which are blind to it (their plans do), so the
 * pattern of all verdicts of a run has a likelihood under it; what the hypotheses of a case name comes on top.
 */
import type { CheckPlan } from '../checks/check.ts';
import { familyOf } from '../faults/family.ts';
import { alphaOfStage } from '../suite/decision.ts';
import type { CaseRecord, HypothesisRecord } from './records.ts';

export interface Suspect {
  readonly fault: string;
  /** Share of the likelihood among the faults that the check finds, 0 … 1. */
  readonly weight: number;
}

export interface SuspectOptions {
  readonly record: CaseRecord;
  /** All cases of the run. Default: this one. */
  readonly cases?: readonly CaseRecord[];
  readonly planOf: (id: string) => Pick<CheckPlan, 'kills' | 'blindTo'> | undefined;
}

/** Probability that a check fails under a fault that it finds, is blind to (a large effect may show all the same), or says nothing about. */
const failsUnder = { kills: 0.9, blindTo: 0.2, neither: 0.4 } as const;
/** Checks of one run look at the same fault from near places: so much of a check's evidence is its own. */
const ownShare = 0.3;
/** What is left for faults that the hypotheses of the case do not name, where they name some. */
const unnamed = 0.05;

/** Likeliest first; none for a case that did not fail. */
export function rankedSuspects({ record, cases = [record], planOf }: SuspectOptions): readonly Suspect[] {
  if (record.verdict !== 'fail') return [];
  const named = namedSuspects(record);
  const candidates = new Set([...named.keys(), ...(planOf(record.case)?.kills ?? [])]);
  const scores = [...candidates].map((fault) => ({
    fault,
    score: Math.log(named.size === 0 ? 1 : (named.get(fault) ?? 0) + unnamed) + evidence(fault, cases, planOf),
  }));
  const most = Math.max(...scores.map(({ score }) => score));
  const total = scores.reduce((sum, { score }) => sum + Math.exp(score - most), 0);
  return scores
    .map(({ fault, score }) => ({ fault, weight: Math.exp(score - most) / total }))
    .toSorted((a, b) => b.weight - a.weight);
}

/** Whether a hypothesis is rejected at the level of its stage. */
export const isRejected = ({ adjusted }: Pick<HypothesisRecord, 'adjusted'>): boolean => adjusted <= alphaOfStage;

/** What the rejected hypotheses of the last stage name, averaged over them. */
function namedSuspects({ stages }: CaseRecord): ReadonlyMap<string, number> {
  const against = (stages.at(-1)?.hypotheses ?? []).filter(isRejected);
  const weights = new Map<string, number>();
  for (const { suspects = [] } of against) {
    for (const [fault, weight] of suspects) weights.set(fault, (weights.get(fault) ?? 0) + weight / against.length);
  }
  return weights;
}

/** Log likelihood of the verdicts of a run under a fault. */
function evidence(fault: string, cases: readonly CaseRecord[], planOf: SuspectOptions['planOf']): number {
  const has = (list: readonly string[]): boolean => list.some((id) => isOf(id, fault));
  return cases.reduce((sum, { case: id, verdict }) => {
    const plan = planOf(id);
    if (plan === undefined || (verdict !== 'pass' && verdict !== 'fail')) return sum;
    const p = failsUnder[has(plan.kills) ? 'kills' : has(plan.blindTo) ? 'blindTo' : 'neither'];
    return sum + ownShare * Math.log(verdict === 'fail' ? p : 1 - p);
  }, 0);
}

/** Whether an id names a fault, or all variants of it: `M18` names `M18/lut16`. */
function isOf(id: string, fault: string): boolean {
  if (id === fault) return true;
  const family = familyOf(id);
  return family === familyOf(fault) && (family === id || family === fault);
}
