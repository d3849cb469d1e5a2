/** Reference values: Smirnov's sum in mpmath 1.3 at 30 digits. */
import { expect, it } from 'vitest';
import { levelP, smirnovTail, uniformityP } from './uniformity.ts';

it('the one-sided tail is exact', () => {
  expect(smirnovTail(10, 0.3)).toBeCloseTo(0.1354635556, 13);
  expect(smirnovTail(1000, 0.05)).toBeCloseTo(0.00650603739054517, 14);
  // One value: D⁺ = 1 − U. Two: 1 − d² for d ≤ ½ less the strip, (1 − d)² above.
  expect(smirnovTail(1, 0.3)).toBeCloseTo(0.7, 14);
  expect(smirnovTail(2, 0.7)).toBeCloseTo(0.09, 14);
  expect([smirnovTail(5, 0), smirnovTail(5, 1)]).toEqual([1, 0]);
});

it('for many values it is Kolmogorov’s 2 exp(−2nd²)', () => {
  const n = 100_000;
  const d = 1.7 / Math.sqrt(n);
  expect((2 * smirnovTail(n, d)) / (2 * Math.exp(-2 * 1.7 ** 2))).toBeCloseTo(1, 1);
});

it('values on a grid are uniform, those squeezed together are not', () => {
  const grid = Array.from({ length: 200 }, (_, n) => (n + 0.5) / 200);
  expect(uniformityP(grid)).toMatchObject({ p: 1 });
  expect(uniformityP(grid).distance).toBeCloseTo(0.0025, 12);
  expect(uniformityP(grid.map((x) => x * 0.8)).p).toBeLessThan(1e-6);
  expect(uniformityP(grid.map((x) => 1 - x * 0.8)).p).toBeLessThan(1e-6);
  expect(() => uniformityP([])).toThrow(RangeError);
  expect(() => uniformityP([1.5])).toThrow(RangeError);
});

it('a share below a level is tested from one side', () => {
  const values = Array.from({ length: 100 }, (_, n) => n / 100);
  expect(levelP(values, 0.05)).toBeGreaterThan(0.3);
  expect(
    levelP(
      values.map((value) => value / 4),
      0.05,
    ),
  ).toBeLessThan(1e-6);
  expect(
    levelP(
      values.map((value) => (1 + value) / 2),
      0.05,
    ),
  ).toBe(1);
});
