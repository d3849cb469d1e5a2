import { expect, it } from 'vitest';
import { binomialLowerTail, binomialUpperTail } from './binomial.ts';
import { residualP } from './martingale.ts';
import { normalTwoSidedP } from './normal.ts';

it('without a largest weight it is the normal law', () => {
  expect(residualP(6.5812, 4)).toBe(normalTwoSidedP(3.2906));
  expect(residualP(-6.5812, 4)).toBe(residualP(6.5812, 4));
  expect(residualP(0, 4)).toBe(1);
});

it('without variance only a sum of 0 is possible', () => {
  expect([residualP(0, 0), residualP(1e-9, 0)]).toEqual([1, 0]);
  expect(() => residualP(1, -1)).toThrow(RangeError);
  expect(() => residualP(Number.NaN, 1)).toThrow(RangeError);
  expect(() => residualP(1, 1, { maxWeight: 0 })).toThrow(RangeError);
});

it('with a largest weight it is never below the exact p-value of equal weights', () => {
  let cases = 0;
  for (const n of [1, 2, 5, 20, 100, 1000, 20_000, 1_000_000]) {
    for (const p of [0.5, 0.3, 0.1, 0.02, 0.001, 0.0001]) {
      const step = Math.max(1, Math.floor(Math.sqrt(n * p * (1 - p)) / 5));
      for (let k = 0; k <= Math.min(n, n * p + 2000 * step); k += step) {
        const far = Math.abs(k - n * p);
        const exact =
          binomialUpperTail(Math.ceil(n * p + far - 1e-9), n, p) + lowerOrNone(Math.floor(n * p - far + 1e-9), n, p);
        if (exact < 1e-15 || exact > 0.1) continue;
        cases++;
        expect(residualP(k - n * p, n * p * (1 - p), { maxWeight: 1 })).toBeGreaterThanOrEqual(exact);
      }
    }
  }
  expect(cases).toBeGreaterThan(1000);
});

const lowerOrNone = (k: number, n: number, p: number): number => (k < 0 ? 0 : binomialLowerTail(k, n, p));

it('the factor of the guard is as stated, and goes to 1', () => {
  const factor = (mean: number): number =>
    residualP(3.2905 * Math.sqrt(mean), mean, { maxWeight: 1 }) / normalTwoSidedP(3.2905);
  expect(factor(100)).toBeCloseTo(2.03, 2);
  expect(factor(1e4)).toBeCloseTo(1.084, 3);
  expect(factor(1e8)).toBeLessThan(1.001);
});

it('weights have no unit', () => {
  expect(residualP(7, 9, { maxWeight: 0.5 })).toBeCloseTo(residualP(70, 900, { maxWeight: 5 }), 14);
});
