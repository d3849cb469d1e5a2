/** Findings of common kinds. */
import { isIsinglassError } from '@isinglass/sdk';
import type { Outcome } from '../lab/outcome.ts';
import type { Finding } from './check.ts';

/** Something that must hold; what was expected and what was seen are said where it does not. */
export function must(name: string, ok: boolean, expected: string, actual: string): Finding {
  return ok ? { name, ok } : { name, ok, expected, actual };
}

/** Equal lists of numbers; says how many differ, and where first. */
export function sameNumbers(name: string, expected: ArrayLike<number>, actual: ArrayLike<number>): Finding {
  if (expected.length !== actual.length) {
    return must(name, false, `${expected.length} values`, `${actual.length} values`);
  }
  let [differ, first] = [0, -1];
  for (let n = 0; n < expected.length; n++) {
    if (expected[n] === actual[n]) continue;
    if (differ++ === 0) first = n;
  }
  const actualText = `${actual[first]} there; ${differ} of ${expected.length} differ`;
  return must(name, differ === 0, `${expected[first]} at ${first}`, actualText);
}

/** A promise that must reject with an error of the contract: branded, with its code and its name. */
export function rejectsWith(name: string, outcome: Outcome<unknown>, error: { code: string; name: string }): Finding {
  const expected = `rejection with ${error.name}, code "${error.code}"`;
  if (outcome.settled === 'resolved') return must(name, false, expected, 'resolved');
  const { reason } = outcome;
  const ok = isIsinglassError(reason) && reason.code === error.code && reason.name === error.name;
  return must(name, ok, expected, errorText(reason));
}

/** A promise that must reject with the reason of the signal that aborted it. */
export function rejectsWithReason(name: string, outcome: Outcome<unknown>, reason: unknown): Finding {
  const expected = 'rejection with the reason of the signal';
  if (outcome.settled === 'resolved') return must(name, false, expected, 'resolved');
  return must(name, outcome.reason === reason, expected, errorText(outcome.reason));
}

/** What an error is, without its text. */
export function errorText(reason: unknown): string {
  if (isIsinglassError(reason)) return `${reason.name}, code "${reason.code}"`;
  return reason instanceof Error ? `${reason.name} without a code` : `${typeof reason} thrown`;
}

/** One finding for many of a kind: the first that does not hold, or that all hold. */
export function allOf(name: string, findings: readonly Finding[]): Finding {
  const bad = findings.filter(({ ok }) => !ok);
  const [first] = bad;
  if (first === undefined) return { name: `${name} (${findings.length})`, ok: true };
  return { ...first, name: `${name} (${bad.length} of ${findings.length} wrong): ${first.name}` };
}
