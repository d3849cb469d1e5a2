/** From the verdicts of cases to the verdict of a run. */
import type { CaseRecord, FooterRecord, Verdict } from './records.ts';

export function countsOf(cases: readonly CaseRecord[]): Record<Verdict, number> {
  const counts = { pass: 0, fail: 0, inconclusive: 0, unsupported: 0 };
  for (const { verdict } of cases) counts[verdict] += 1;
  return counts;
}

/** A pass is earned: by at least one pass, no failure, and nothing inconclusive. */
export function verdictOf({ pass, fail, inconclusive }: Record<Verdict, number>): FooterRecord['verdict'] {
  if (fail > 0) return 'fail';
  return inconclusive > 0 || pass === 0 ? 'inconclusive' : 'pass';
}
