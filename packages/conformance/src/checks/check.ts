/**
 * A check of the catalogue: its plan as data, and what it does. Documents, reports and the kill matrix are made from plans.
 *
 *   logical        a finding is right or wrong; no false failures
 *   near-certain   right with probability ≥ 1 − 1e-5 per run; fails only if a second run on fresh seeds is wrong, too
 *   statistical    p-values against an exact law; fails only if a screen of N samples and a fresh confirmation of 4N both reject at
 *                  1e-3, Holm's correction over all hypotheses inside a stage: false failures 1e-6
 */
import type { Need } from '../profile/needs.ts';
import type { CheckContext } from './check-context.ts';

/** How much is promised by a pass; each level does all that the one before it does, at a finer resolution. */
export const levels = ['quick', 'standard', 'certify'] as const;
export type Level = (typeof levels)[number];

export const chapters = [
  'lifecycle',
  'capability',
  'loading',
  'pins',
  'distribution',
  'dynamics',
  'schedule',
  'readout',
  'chains',
  'randomness',
  'quantization',
  'concurrency',
  'resources',
  'serialization',
  'exactness',
] as const;
export type Chapter = (typeof chapters)[number];

export type CheckKind = 'logical' | 'near-certain' | 'statistical';

export interface CheckPlan {
  /** Never reused for another meaning; a stricter meaning is the next version. */
  readonly id: string;
  readonly version: number;
  /** Row of the catalogue; 0: not of the catalogue. */
  readonly row: number;
  readonly chapter: Chapter;
  /** What a pass establishes, one sentence. */
  readonly title: string;
  /** What is run. */
  readonly how: string;
  readonly kind: CheckKind;
  /** What is computed from the results; for logical checks, what is compared. */
  readonly statistic: string;
  /** How many samples, and why so many. */
  readonly samples: string;
  /** The smallest effect that is found with probability 0.999, by level. */
  readonly resolution: Readonly<Record<Level, string>>;
  /** The lowest level that runs it. */
  readonly level: Level;
  /** Clauses of docs/semantics.md, or rules of the contract. */
  readonly clauses: readonly string[];
  /** What the profile must declare; otherwise the verdict is `unsupported`. */
  readonly needs: readonly Need[];
  /** Ids of planted faults that it must find, and of those that it cannot see. */
  readonly kills: readonly string[];
  readonly blindTo: readonly string[];
  /** Where false failures are rarer than nominal: by what factor, and why. */
  readonly conservative?: string;
  /** First version of the suite with this id and version. */
  readonly since: string;
}

export type Check = LogicalCheck | StatisticalCheck;

export interface LogicalCheck {
  readonly plan: CheckPlan & { readonly kind: 'logical' | 'near-certain' };
  run(c: CheckContext): Promise<readonly Finding[]>;
}

export interface StatisticalCheck {
  readonly plan: CheckPlan & { readonly kind: 'statistical' };
  /** One stage: fresh samples from seeds of `c`, `c.samples(n)` of them; every hypothesis with its p-value. */
  sample(c: CheckContext): Promise<readonly Hypothesis[]>;
}

/** Something that must hold, and whether it does. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly expected?: string;
  readonly actual?: string;
}

/** One null hypothesis under the exact law. */
export interface Hypothesis {
  readonly name: string;
  /** Probability, under the law, of a result at least as far from it; 0 … 1, never above its nominal level. */
  readonly p: number;
  readonly n: number;
  readonly effect?: Effect;
  /** What a plot shows: counts or means, observed beside expected. */
  readonly table?: readonly { readonly label: string; readonly observed: number; readonly expected: number }[];
  /** Planted faults that would look like this, most likely first, with weights that sum to at most 1. */
  readonly suspects?: readonly (readonly [fault: string, weight: number])[];
}

/** Size of a deviation, with a 99.9 % interval. */
export interface Effect {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Thrown by a check that cannot get enough samples: the verdict is `inconclusive`. */
export class TooFewSamples extends Error {
  override readonly name = 'TooFewSamples';
}
