/** Which cases a run has: those of its level, of its query, of its shard. */
import { type Check, type Level, levels } from '../checks/check.ts';
import { caseId } from './case-id.ts';
import { selectPlans } from './query.ts';
import { idsOfShard, type Shard } from './shard.ts';

/** The checks that a level runs and a query means, in the order of their case ids. Throws QueryError. */
export function selectedChecks(
  checks: readonly Check[],
  { level, only }: { readonly level: Level; readonly only: string | null },
): readonly Check[] {
  const meant = only === null ? checks : selectPlans(checks, only);
  const runs = meant.filter(({ plan }) => levels.indexOf(plan.level) <= levels.indexOf(level));
  return runs.toSorted((a, b) => (caseId(a.plan) < caseId(b.plan) ? -1 : 1));
}

/** Of the selected checks, those of one shard, in the order in which the catalogue has them. */
export function checksOfShard(checks: readonly Check[], selected: readonly Check[], shard: Shard): readonly Check[] {
  const mine = new Set(
    idsOfShard(
      selected.map(({ plan }) => caseId(plan)),
      shard,
    ),
  );
  return checks.filter(({ plan }) => mine.has(caseId(plan)));
}
