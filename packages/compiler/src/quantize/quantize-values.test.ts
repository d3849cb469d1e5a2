import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbers } from '../../test/support/random-numbers.ts';
import { quantizeValues, weightMaxOf } from './quantize-values.ts';

const allBits = [2, 3, 4, 5, 6, 7, 8];

describe('quantisation', () => {
  it('never leaves ±(2^(bits − 1) − 1), rounds to the nearest and states its own error', () => {
    const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.constantFrom(...allBits), (list, bits) => {
        const exact = Float64Array.from(list);
        const { weights, scale, quality } = quantizeValues(exact, bits);
        const limit = scale * quality.weightMax;
        let error = 0;
        exact.forEach((value, i) => {
          const rounded = scale * (weights[i] as number);
          error += (value - rounded) ** 2;
          expect(Math.abs(weights[i] as number)).toBeLessThanOrEqual(weightMaxOf(bits));
          const inside = Math.abs(value) <= limit;
          expect(Math.abs(value - rounded)).toBeLessThanOrEqual(
            (inside ? scale / 2 : Math.abs(value) - limit) * (1 + 1e-9) + 1e-300,
          );
        });
        const energy = exact.reduce((sum, value) => sum + value * value, 0);
        if (quality.sqnrDb !== null) expect(quality.sqnrDb).toBeCloseTo(10 * Math.log10(energy / error), 6);
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('loses about 6 dB per bit on normal values, and less than the theory of the optimal uniform quantiser allows', () => {
    // Max (1960), table II: mean squared error of the optimal uniform quantiser of 4, 8, 16 and 32 levels on N(0, 1).
    // Ours is symmetric about 0 with one level less, so the neighbouring table entries bracket it.
    const theory = [0.1188, 0.03744, 0.01154, 0.003495];
    const values = numbers(7).normal(50_000);
    for (const [i, bits] of [2, 3, 4, 5].entries()) {
      const sqnr = quantizeValues(values, bits).quality.sqnrDb as number;
      const coarser = -10 * Math.log10(theory[i - 1] ?? 0.3634);
      const finer = -10 * Math.log10(theory[i] as number);
      expect(sqnr).toBeGreaterThan(coarser);
      expect(sqnr).toBeLessThan(finer + 0.1);
    }
  });

  it('stores ±J as ±1 with scale J: common divisors leave the weights', () => {
    const { weights, scale, quality } = quantizeValues(Float64Array.of(0.5, -0.5, 0, 0.5), 7);
    expect([...weights]).toEqual([1, -1, 0, 1]);
    expect(scale).toBe(0.5);
    expect(quality).toEqual({ bits: 7, weightMax: 1, clippedShare: 0, vanishedShare: 0, sqnrDb: null });
  });

  it('reports what it clips and what vanishes', () => {
    // Two bits: −1, 0, 1. The best scale takes the tens as 1, clips the 20 and rounds the ones to nothing.
    const values = Float64Array.of(10, 10, 10, 10, 10, 10, 20, 1, -1, 0);
    const { weights, quality } = quantizeValues(values, 2);
    expect([...weights]).toEqual([1, 1, 1, 1, 1, 1, 1, 0, 0, 0]);
    expect(quality.clippedShare).toBe(0.1);
    expect(quality.vanishedShare).toBeCloseTo(2 / 9, 15);
  });

  it('takes a tensor of zeros', () => {
    expect(quantizeValues(new Float64Array(2), 7)).toEqual({
      weights: new Int8Array(2),
      scale: 1,
      quality: { bits: 7, weightMax: 0, clippedShare: 0, vanishedShare: 0, sqnrDb: null },
    });
  });
});
