/** What the suite consists of, as one hash: two reports with the same manifest come from the same checks. */
import { canonicalJson } from '@isinglass/sdk';
import type { Check } from '../checks/check.ts';
import { sha256 } from './sha256.ts';

/** `sha256:…` of all plans, in the order of their ids. */
export function manifestHash(checks: readonly Check[]): Promise<string> {
  const plans = checks.map(({ plan }) => plan).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return sha256(canonicalJson(plans));
}
