import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbers } from '../../test/support/random-numbers.ts';
import { leastSquaresScale, squaredError } from './least-squares-scale.ts';

/** Every assignment that any scale produces, by rounding at points between all breakpoints: the slow, obvious search. */
function bruteForce(values: Float64Array, qMax: number): number {
  const breakpoints = [...values].flatMap((value) =>
    Array.from({ length: qMax }, (_, level) => Math.abs(value) / (level + 0.5)),
  );
  breakpoints.sort((a, b) => a - b);
  let best = Number.POSITIVE_INFINITY;
  breakpoints.forEach((point, i) => {
    const scale = (point + (breakpoints[i + 1] ?? 2 * point)) / 2;
    if (scale === 0) return;
    let products = 0;
    let squares = 0;
    for (const value of values) {
      const q = Math.min(qMax, Math.round(Math.abs(value) / scale));
      products += Math.abs(value) * q;
      squares += q * q;
    }
    if (squares > 0) best = Math.min(best, squaredError(values, products / squares, qMax));
  });
  return best;
}

const someValues = fc
  .array(fc.double({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 12 })
  .filter((list) => list.some((value) => Math.abs(value) > 1e-6))
  .map((list) => Float64Array.from(list));

describe('the scale of least squared error', () => {
  it('is as good as the best of all scales', () => {
    fc.assert(
      fc.property(someValues, fc.constantFrom(1, 3, 7, 31, 127), (values, qMax) => {
        const found = leastSquaresScale(values, { qMax });
        const energy = values.reduce((sum, value) => sum + value * value, 0);
        expect(found.squaredError).toBe(squaredError(values, found.scale, qMax));
        expect(found.squaredError).toBeLessThanOrEqual(bruteForce(values, qMax) + 1e-13 * energy);
      }),
      { numRuns: 300, seed: 2 },
    );
  });

  it('by grid is within a thousandth of the exact walk on tensors of the size that the grid is for', () => {
    for (const [seed, qMax] of [1, 3, 7, 15, 63, 127].entries()) {
      for (const heavy of [false, true]) {
        // Normal values, and a heavy-tailed law whose best scale clips.
        const values = numbers(seed + 10).normal(4000);
        if (heavy) values.set(values.map((value) => value ** 3));
        const exact = leastSquaresScale(values, { qMax });
        const grid = leastSquaresScale(values, { qMax, stepsMax: 0 });
        expect(grid.squaredError / exact.squaredError).toBeLessThan(1.001);
        expect(grid.squaredError / exact.squaredError).toBeGreaterThanOrEqual(1 - 1e-12);
      }
    }
  });

  it('does not depend on order or sign', () => {
    const values = numbers(4).normal(100);
    const turned = values.map((value, i) => (i % 2 === 0 ? -value : value)).reverse();
    expect(leastSquaresScale(turned, { qMax: 7 }).scale).toBe(leastSquaresScale(values, { qMax: 7 }).scale);
  });

  it('finds a lattice that the values lie on', () => {
    const found = leastSquaresScale(Float64Array.of(0.3, -0.6, 0.9, 0), { qMax: 3 });
    expect(found.scale).toBeCloseTo(0.3, 14);
    expect(found.squaredError).toBeLessThan(1e-30);
  });

  it('is 1 for a tensor of zeros, where every scale is as good', () => {
    expect(leastSquaresScale(new Float64Array(3), { qMax: 7 })).toEqual({ scale: 1, squaredError: 0 });
  });
});
