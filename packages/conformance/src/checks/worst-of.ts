/** One hypothesis for many alike: that none of them deviates. */
import type { Effect, Hypothesis } from './check.ts';

/** A member: its own p-value, and what a table shows of it. */
export interface Member {
  readonly label: string;
  readonly p: number;
  readonly observed: number;
  readonly expected: number;
}

/** Bonferroni's bound over the members, the smallest p times their number; the table holds the four worst. */
export function worstOf(
  name: string,
  members: readonly Member[],
  o: { readonly n: number; readonly effect?: Effect },
): Hypothesis {
  const sorted = members.toSorted((a, b) => a.p - b.p);
  const p = Math.min(1, (sorted[0]?.p ?? 1) * members.length);
  const table = sorted.slice(0, 4).map(({ label, observed, expected }) => ({ label, observed, expected }));
  return { name: `${name} (${members.length})`, p, table, ...o };
}
