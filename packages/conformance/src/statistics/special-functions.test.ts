/** Reference values: mpmath 1.3 at 40 to 60 digits (loggamma, gammainc regularised, erfc, erfinv, Poisson sums of gammainc). */
import { expect, it } from 'vitest';
import { chiSquareCritical, chiSquareTail, noncentralChiSquareTail } from './chi-square.ts';
import { gammaLower, gammaUpper } from './incomplete-gamma.ts';
import { logGamma } from './log-gamma.ts';
import { normalQuantile, normalTwoSidedP, normalUpperTail } from './normal.ts';

const relative = (value: number, reference: number): number => Math.abs(value / reference - 1);

it.each([
  [0.5, 0.5723649429247],
  [1e-5, 11.5129196928958],
  [2.5, 0.284682870472919],
  [14.9, 24.9241320022173],
  [100.25, 360.284559637764],
  [1e9, 19723265827.5037],
])('ln Γ(%f)', (x, value) => {
  expect(relative(logGamma(x), value)).toBeLessThan(1e-13);
});

it.each([
  [0.5, 0.001, 0.96432940827032],
  [0.5, 2, 0.0455002638963584],
  [5, 2, 0.947346982656289],
  [31.5, 50, 0.0020772365527848],
  [1000, 1100, 0.00105932325392998],
  [50000, 50500, 0.0128688403772337],
  [20, 600, 1.37101041663991e-225],
  [0.5, 684.5, 1.14511424450492e-299],
])('Q(%f, %f) to 1e-12', (a, x, value) => {
  expect(relative(gammaUpper(a, x), value)).toBeLessThan(1e-12);
  expect(gammaLower(a, x)).toBeCloseTo(1 - value, 12);
  expect(chiSquareTail(2 * x, 2 * a)).toBe(gammaUpper(a, x));
});

it('the incomplete gamma function has its ends, and no others', () => {
  expect([gammaUpper(2, 0), gammaLower(2, 0)]).toEqual([1, 0]);
  expect([gammaUpper(2, Number.POSITIVE_INFINITY), gammaLower(2, Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
  for (const [a, x] of [
    [0, 1],
    [1, -1],
    [1, Number.NaN],
  ] as const) {
    expect(() => gammaUpper(a, x)).toThrow(RangeError);
    expect(() => gammaLower(a, x)).toThrow(RangeError);
  }
  expect(() => logGamma(0)).toThrow(RangeError);
});

it.each([
  [0.1, 0.920344325445942],
  [1, 0.317310507862914],
  [3.2905, 0.00100009501807756],
  [6, 1.9731752900754e-9],
  [20, 5.50724823721247e-89],
  [37, 1.14511424450492e-299],
])('P(|Z| ≥ %f)', (z, value) => {
  expect(relative(normalTwoSidedP(z), value)).toBeLessThan(1e-12);
  expect(normalTwoSidedP(-z)).toBe(normalTwoSidedP(z));
  expect(normalUpperTail(z)).toBe(normalTwoSidedP(z) / 2);
  expect(normalUpperTail(-z)).toBeCloseTo(1 - value / 2, 14);
});

it.each([
  [0.0005, -3.29052673149189],
  [0.3, -0.524400512708041],
  [0.975, 1.95996398454005],
  [1e-20, -9.26234008979841],
  [1e-300, -37.0470962993612],
])('the normal quantile of %f', (p, value) => {
  expect(normalQuantile(p)).toBeCloseTo(value, 11);
});

it('the normal quantile of ½ is 0, of 0 and 1 infinite, of anything else an error', () => {
  expect(normalQuantile(0.5)).toBeCloseTo(0, 14);
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  expect(() => normalQuantile(-0.1)).toThrow(RangeError);
});

it.each([
  [10.8276, 1, 40.7, 0.99899625944145],
  [30, 10, 5, 0.0225339767241689],
  [100, 63, 104.6, 0.999493539234587],
])('P(χ′² ≥ %f) with %i degrees and noncentrality %f', (x, degrees, noncentrality, value) => {
  expect(relative(noncentralChiSquareTail(x, degrees, noncentrality), value)).toBeLessThan(1e-11);
  expect(noncentralChiSquareTail(x, degrees, 0)).toBe(chiSquareTail(x, degrees));
});

it('a critical value has its tail', () => {
  for (const [p, degrees] of [
    [1e-3, 1],
    [1e-6, 63],
    [0.5, 1000],
  ] as const) {
    expect(relative(chiSquareTail(chiSquareCritical(p, degrees), degrees), p)).toBeLessThan(1e-9);
  }
  expect(() => chiSquareCritical(0, 1)).toThrow(RangeError);
});
