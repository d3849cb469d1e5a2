/** Reference values: mpmath 1.3 at 30 digits. */
import { expect, it } from 'vitest';
import { fisherCombinedP, fisherExactP } from './fisher.ts';

it('three p-values as one', () => {
  expect(fisherCombinedP([0.01, 0.2, 0.03])).toBeCloseTo(0.00347830200924775, 14);
  expect(fisherCombinedP([0.2])).toBeCloseTo(0.2, 14);
  expect(fisherCombinedP([])).toBe(1);
  expect(fisherCombinedP([1, 1])).toBe(1);
  expect(fisherCombinedP([0, 1])).toBe(0);
  expect(() => fisherCombinedP([2])).toThrow(RangeError);
});

it('3 of 20 against 12 of 25', () => {
  expect(fisherExactP(3, 20, 12, 25)).toBeCloseTo(0.0406464353548686, 13);
  expect(fisherExactP(12, 25, 3, 20)).toBeCloseTo(0.0406464353548686, 13);
  expect(fisherExactP(17, 20, 13, 25)).toBeCloseTo(0.0406464353548686, 13);
});

it('equal shares and empty samples say nothing', () => {
  expect(fisherExactP(5, 10, 50, 100)).toBe(1);
  expect(fisherExactP(0, 0, 3, 5)).toBe(1);
  expect(() => fisherExactP(3, 2, 1, 2)).toThrow(RangeError);
});
