/** Exit codes of the conformance commands, and the line that ends their output. */
import type { FooterRecord } from '@isinglass/conformance';

/** Harness: the suite could not run, which says nothing about the device; bad usage, too. */
export const conformanceExitCodes = { pass: 0, fail: 1, inconclusive: 2, harness: 3 } as const;

export interface VerdictLine {
  readonly verdict: FooterRecord['verdict'];
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  readonly unsupported: number;
  readonly seconds: number;
  readonly claim: string;
}

export function verdictLine({ verdict, counts, seconds, claim }: FooterRecord): VerdictLine {
  const { pass, fail, inconclusive, unsupported } = counts;
  return { verdict, pass, fail, inconclusive, unsupported, seconds: Number(seconds.toFixed(3)), claim };
}
