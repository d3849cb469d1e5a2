/** Which planted faults would look like what a case found. */
import type { CheckPlan } from '../checks/check.ts';
import { alphaOfStage } from '../suite/decision.ts';
import type { CaseRecord, HypothesisRecord } from './records.ts';

export interface Suspect {
  readonly fault: string;
  /** 0 … 1; faults that the plan alone names share what is left. */
  readonly weight: number;
}

/** Likeliest first. Hypotheses of the last stage that are rejected name suspects; without any, those that the plan finds are as likely as each other. */
export function rankedSuspects(
  { verdict, stages }: CaseRecord,
  plan: Pick<CheckPlan, 'kills'> | undefined,
): readonly Suspect[] {
  if (verdict !== 'fail') return [];
  const last = stages.at(-1);
  const against = (last?.hypotheses ?? []).filter(isRejected);
  const weights = new Map<string, number>();
  for (const { suspects = [] } of against) {
    for (const [fault, weight] of suspects) weights.set(fault, (weights.get(fault) ?? 0) + weight / against.length);
  }
  if (weights.size === 0) {
    const kills = plan?.kills ?? [];
    return kills.map((fault) => ({ fault, weight: 1 / kills.length }));
  }
  return [...weights].map(([fault, weight]) => ({ fault, weight })).toSorted((a, b) => b.weight - a.weight);
}

/** Whether a hypothesis is rejected at the level of its stage. */
export const isRejected = ({ adjusted }: Pick<HypothesisRecord, 'adjusted'>): boolean => adjusted <= alphaOfStage;
