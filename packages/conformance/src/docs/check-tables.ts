/** What docs/conformance.md says about checks, from their plans. */
import type { Check } from '../checks/check.ts';
import { markdownTable } from './markdown-table.ts';

/** What every check establishes, by what, and from which level on. */
export function checkTable(checks: readonly Check[]): string {
  const rows = checks.map(({ plan }) => [
    `\`${plan.id}\``,
    plan.title,
    plan.kind,
    plan.level,
    plan.clauses.join('; '),
    plan.needs.map((need) => `\`${need}\``).join(' '),
  ]);
  return markdownTable(['check', 'a pass establishes', 'kind', 'from level', 'clauses', 'needs'], rows);
}

/** The smallest effect that each check finds with probability 0.999, by level, and where its false failures are rarer than nominal. */
export function resolutionTable(checks: readonly Check[]): string {
  const rows = checks.map(({ plan }) => {
    const { quick, standard, certify } = plan.resolution;
    return [`\`${plan.id}\``, quick, standard, certify, plan.samples, plan.conservative ?? '–'];
  });
  return markdownTable(['check', 'quick', 'standard', 'certify', 'samples', 'false failures'], rows);
}
