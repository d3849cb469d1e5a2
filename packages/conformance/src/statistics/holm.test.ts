import { expect, it } from 'vitest';
import { holmAdjusted } from './holm.ts';

it('the smallest p-value is multiplied by m, the next by m − 1, and none falls below the one before', () => {
  expect(holmAdjusted([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
});

it('one hypothesis stays as it is, none gives none, and 1 is the most', () => {
  expect(holmAdjusted([0.2])).toEqual([0.2]);
  expect(holmAdjusted([])).toEqual([]);
  expect(holmAdjusted([0.6, 0.7])).toEqual([1, 1]);
});

it('what is no probability is refused', () => {
  expect(() => holmAdjusted([0.5, Number.NaN])).toThrow(RangeError);
  expect(() => holmAdjusted([1.1])).toThrow(RangeError);
});
