/** For tests of checks: the verdict of one case of a check on a device, in the suite's own way. */
import type { Driver } from '@isinglass/sdk';
import type { CaseRecord } from '../report/records.ts';
import { defaultDeadlines } from '../suite/deadlines.ts';
import { runCase } from '../suite/run-case.ts';
import { admittedTolerances, claimedTolerances } from '../suite/tolerances.ts';
import type { Check, Level } from './check.ts';

export async function caseVerdict(
  check: Check,
  create: () => Driver,
  o: { readonly seed: bigint; readonly level?: Level },
): Promise<CaseRecord> {
  const level = o.level ?? 'quick';
  const driver = create();
  const { profile } = driver;
  await driver.close();
  const claimed = claimedTolerances(profile);
  return runCase(check, {
    provider: { create: async () => create() },
    flags: {},
    profile,
    tolerances: { claimed, admitted: admittedTolerances(claimed, level) },
    level,
    seed: o.seed,
    deadlines: defaultDeadlines[level],
    signal: new AbortController().signal,
  });
}
