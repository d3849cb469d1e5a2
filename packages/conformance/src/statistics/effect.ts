/** Sizes of deviations with 99.9 % intervals. */
import type { Effect } from '../checks/check.ts';
import { clopperPearson } from './binomial.ts';
import { normalQuantile } from './normal.ts';

export const effectConfidence = 0.999;

/** Observed minus expected probability, with Clopper & Pearson's interval. `expected`: 0 … 1; n ≥ 1. */
export function proportionEffect(o: {
  readonly name: string;
  readonly successes: number;
  readonly n: number;
  readonly expected: number;
}): Effect {
  if (!(o.n >= 1)) throw new RangeError(`a share of ${o.n} trials`);
  const { low, high } = clopperPearson(o.successes, o.n, effectConfidence);
  return {
    name: o.name,
    unit: 'probability',
    value: o.successes / o.n - o.expected,
    low: low - o.expected,
    high: high - o.expected,
  };
}

/** Observed minus expected mean, with the normal interval of its standard error; both in `unit`. */
export function meanEffect(o: {
  readonly name: string;
  readonly unit: string;
  readonly mean: number;
  readonly standardError: number;
  readonly expected?: number;
}): Effect {
  const value = o.mean - (o.expected ?? 0);
  const half = normalQuantile((1 + effectConfidence) / 2) * o.standardError;
  return { name: o.name, unit: o.unit, value, low: value - half, high: value + half };
}
