/** Comparing what a program needs with what a profile states. */
import type { Misfit } from '../contract/driver.ts';
import type { Limit, Range } from './device-profile.ts';

export interface Need {
  /** Path in the profile, for example `weights.bits`. */
  readonly limit: string;
  /** Path in the program JSON, for example `stages[1].couplings[0]`. */
  readonly where: string;
  readonly remedies: readonly string[];
}

/** `needed` must not exceed the limit. */
export function atMost(limit: Limit, needed: number, need: Need): readonly Misfit[] {
  if (limit === 'unlimited' || (limit !== null && needed <= limit)) return [];
  return [{ ...need, needed, available: limit }];
}

/** Every number from `low` to `high` must lie in the range; an end that is not published is a finding of its own. */
export function within(
  range: Range,
  needed: { readonly low: number; readonly high: number },
  need: Need,
): readonly Misfit[] {
  const found: Misfit[] = [];
  if (range.min === null || needed.low < range.min) {
    found.push({ ...need, limit: `${need.limit}.min`, needed: needed.low, available: range.min });
  }
  if (range.max === null || needed.high > range.max) {
    found.push({ ...need, limit: `${need.limit}.max`, needed: needed.high, available: range.max });
  }
  return found;
}

/** Something that a device has or has not: needed 1, available 0. */
export function mustHave(has: boolean, need: Need): readonly Misfit[] {
  return has ? [] : [{ ...need, needed: 1, available: 0 }];
}
