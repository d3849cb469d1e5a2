/** What `verify` says of one vector or one file. */
import type { VectorDifference } from '@isinglass/sdk/testing';

export type CaseReport = { readonly name: string } & (
  | {
      readonly status: 'passed' /** Parts that were left out, each with its reason. */;
      readonly notes: readonly string[];
    }
  | { readonly status: 'skipped'; readonly reason: string }
  | {
      readonly status: 'failed';
      /** The first that differs: which clause to look at. */
      readonly difference: VectorDifference;
    }
);

export interface VerifyReport {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly cases: readonly CaseReport[];
}

export function verifyReport(cases: readonly CaseReport[]): VerifyReport {
  const count = (status: CaseReport['status']) => cases.filter((c) => c.status === status).length;
  return { passed: count('passed'), failed: count('failed'), skipped: count('skipped'), cases };
}
