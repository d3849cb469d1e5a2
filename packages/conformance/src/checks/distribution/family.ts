/** Many similar hypotheses as one: the report names the worst, and Holm's rule weighs families, not members. */
import type { Effect, Hypothesis } from '../check.ts';

export interface Member {
  readonly name: string;
  readonly p: number;
  readonly observed: number;
  readonly expected: number;
  readonly effect?: Effect;
}

/** A report shows so many of the members with the smallest p-values. */
const membersShown = 16;

/** The least p-value of a family times the number of members (Bonferroni), with that member's effect. Throws RangeError for no members. */
export function familyHypothesis(name: string, n: number, members: readonly Member[]): Hypothesis {
  const byP = members.toSorted((a, b) => a.p - b.p);
  const [worst] = byP;
  if (worst === undefined) throw new RangeError(`the family "${name}" has no members`);
  const p = Math.min(1, members.length * worst.p);
  return {
    name: members.length === 1 ? name : `${name} (worst of ${members.length}: ${worst.name})`,
    p,
    n,
    ...(worst.effect === undefined ? {} : { effect: worst.effect }),
    table: byP.slice(0, membersShown).map(({ name: label, observed, expected }) => ({ label, observed, expected })),
  };
}
