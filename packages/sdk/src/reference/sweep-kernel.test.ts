import { expect, test } from 'vitest';
import { glass } from '../../test/small-programs.ts';
import { activationTable } from '../law/activation-table.ts';
import { sweepKernel, totalVariation } from './sweep-kernel.ts';

/** T[u]/65536 at k = 9, from the table itself. */
function plus(u: number): number {
  return (activationTable(9)[u + 8 * 512] as number) / 65536;
}

/** w = 64 with scale 2^-9 at k = 9: the coupling adds ±64 units of field. */
const pair = {
  h: [0.25, -0.5],
  pairs: [[0, 1, 64]] as const,
  fixed: { fractionBits: 9, beta: 1, scale: 2 ** -9 },
};

test('one sweep updates the second color from the first color’s new state', () => {
  const kernel = sweepKernel(glass(pair), 7);
  // From both down: spin 0 sees 128 − 64, then spin 1 sees −256 ± 64.
  const p0 = plus(64);
  const up = plus(-256 + 64);
  const down = plus(-256 - 64);
  const expected = [(1 - p0) * (1 - down), p0 * (1 - up), (1 - p0) * down, p0 * up];
  kernel.power(0, 1).forEach((p, state) => {
    expect(p).toBeCloseTo(expected[state] as number, 15);
  });
});

test('the order of the colors is part of the law of a sweep, not of the stationary law’s means at rest', () => {
  const forward = sweepKernel(glass(pair), 7);
  const backward = sweepKernel(glass({ ...pair, schedule: { colors: [1, 0] } }), 7);
  expect(totalVariation(forward.power(0, 1), backward.power(0, 1))).toBeGreaterThan(0.01);
  // Both leave (nearly) the Boltzmann law unchanged: heat-bath updates differ from it by rounding only.
  expect(totalVariation(forward.stationaryLaw().probabilities, backward.stationaryLaw().probabilities)).toBeLessThan(
    1e-4,
  );
});

test('a sweep keeps the stationary law and the residual says how well', () => {
  const kernel = sweepKernel(glass(pair), 7);
  const { probabilities, residual, means } = kernel.stationaryLaw();
  expect(residual).toBeLessThanOrEqual(1e-13);
  expect(totalVariation(kernel.apply(probabilities), probabilities)).toBeLessThanOrEqual(1e-13);
  expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
  expect(means[0]).toBeCloseTo(
    (probabilities[1] as number) +
      (probabilities[3] as number) -
      (probabilities[0] as number) -
      (probabilities[2] as number),
    14,
  );
});

test('a law that is not reached in the sweeps allowed is an error', () => {
  const kernel = sweepKernel(glass(pair), 7);
  const needed = kernel.stationaryLaw({ residualMax: 1e-6 }).sweeps;
  expect(() => kernel.stationaryLaw({ residualMax: 1e-6, sweepsMax: needed })).not.toThrow();
  expect(() => kernel.stationaryLaw({ residualMax: 1e-6, sweepsMax: needed - 1 })).toThrow(/mixes too slowly/);
});

test('temperature 0 tosses fair coins', () => {
  const kernel = sweepKernel(glass(pair), 7);
  expect([...kernel.power(2, 1, { temperatures: [0] })]).toEqual([0.25, 0.25, 0.25, 0.25]);
  expect([...kernel.power(2, 2, { temperatures: [0, 65536] })]).toEqual([...kernel.apply(kernel.uniform())]);
});

test('twelve free spins are accepted, thirteen refused', () => {
  const of = (count: number) => sweepKernel(glass({ h: new Array<number>(count).fill(0.1) }), 7);
  expect(of(12).stateCount).toBe(4096);
  expect(() => of(13)).toThrow(/13 free spins; at most 12/);
});

test('the real law’s kernel has the machine’s 16-bit probabilities', () => {
  const law = sweepKernel(glass({ h: [0.3] }), 7).power(0, 1);
  const sigma = 1 / (1 + Math.exp(-2 * Math.fround(0.3)));
  // The number of r with (r + 0.5) / 65536 < σ, counted.
  const draws = Array.from({ length: 65536 }, (_, r) => (r + 0.5) / 65536 < sigma).filter(Boolean).length;
  expect(law[1]).toBe(draws / 65536);
});
