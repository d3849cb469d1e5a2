/** Reference values: tails summed term by term in mpmath 1.3 at 60 digits; interval ends by root finding there. */
import { expect, it } from 'vitest';
import { binomialBandP, binomialLowerTail, binomialTwoSidedP, binomialUpperTail, clopperPearson } from './binomial.ts';

const relative = (value: number, reference: number): number => Math.abs(value / reference - 1);

it.each([
  [5, 10, 0.25, 0.0781269073486328],
  [700, 1000, 0.5, 8.83283900397507e-38],
  [30, 100_000, 0.0001, 2.50507716729691e-7],
  [500_100_000, 1_000_000_000, 0.5, 1.27007417987728e-10],
  [5_180_000, 10_000_000, 0.5125, 1.25249034087059e-265],
  [1500, 1_000_000, 0.0005, 3.83791595102002e-284],
  [400, 100_000, 0.0005, 7.22575160749335e-212],
  [1000, 1000, 0.501, 6.88217746539546e-301],
  [50, 100, 0.02, 4.22112227685232e-57],
  [999_000, 1_000_000, 0.9985, 2.92230646368276e-43],
])('P(X ≥ %i) of binomial(%i, %f) to 1e-10', (k, n, p, value) => {
  expect(relative(binomialUpperTail(k, n, p), value)).toBeLessThan(1e-10);
  expect(relative(binomialLowerTail(n - k, n, 1 - p), value)).toBeLessThan(1e-9);
});

it('tails are those of the sum over all outcomes', () => {
  const [n, p] = [12, 0.3];
  const choose = (k: number): number => (k === 0 ? 1 : (choose(k - 1) * (n - k + 1)) / k);
  const point = (k: number): number => choose(k) * p ** k * (1 - p) ** (n - k);
  for (let k = 0; k <= n; k++) {
    let [lower, upper] = [0, 0];
    for (let j = 0; j <= n; j++) {
      if (j <= k) lower += point(j);
      if (j >= k) upper += point(j);
    }
    expect(binomialLowerTail(k, n, p)).toBeCloseTo(lower, 12);
    expect(binomialUpperTail(k, n, p)).toBeCloseTo(upper, 12);
    expect(binomialTwoSidedP(k, n, p)).toBeCloseTo(Math.min(1, 2 * lower, 2 * upper), 12);
  }
});

it('certain and impossible outcomes have p-values of 1 and 0', () => {
  expect(binomialTwoSidedP(0, 10, 0)).toBe(1);
  expect(binomialTwoSidedP(1, 10, 0)).toBe(0);
  expect(binomialTwoSidedP(10, 10, 1)).toBe(1);
  expect(binomialTwoSidedP(9, 10, 1)).toBe(0);
  expect(binomialTwoSidedP(0, 0, 0.5)).toBe(1);
});

it('a band has the largest p-value of its probabilities', () => {
  for (const k of [0, 20, 45, 50, 55, 70, 100]) {
    const inside = Array.from({ length: 101 }, (_, n) => binomialTwoSidedP(k, 100, 0.45 + n / 1000));
    expect(binomialBandP(k, 100, 0.45, 0.55)).toBeCloseTo(Math.max(...inside), 12);
  }
  expect(binomialBandP(3, 10, -0.1, 0.05)).toBe(binomialTwoSidedP(3, 10, 0.05));
});

it('counts and probabilities outside their ranges are refused', () => {
  expect(() => binomialTwoSidedP(11, 10, 0.5)).toThrow(RangeError);
  expect(() => binomialTwoSidedP(1.5, 10, 0.5)).toThrow(RangeError);
  expect(() => binomialTwoSidedP(1, 10, 1.1)).toThrow(RangeError);
  expect(() => binomialBandP(1, 10, 0.6, 0.5)).toThrow(RangeError);
  expect(() => clopperPearson(1, 10, 1)).toThrow(RangeError);
});

it('Clopper and Pearson of 3 in 1000 at 99.9 %', () => {
  const { low, high } = clopperPearson(3, 1000, 0.999);
  expect(relative(low, 0.00014984252803814)).toBeLessThan(1e-11);
  expect(relative(high, 0.0138580692674063)).toBeLessThan(1e-10);
  expect(clopperPearson(0, 10, 0.95).low).toBe(0);
  expect(clopperPearson(10, 10, 0.95).high).toBe(1);
  expect(clopperPearson(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
});

it('the interval holds exactly the probabilities that the test does not reject', () => {
  for (const k of [0, 1, 17, 40]) {
    const { low, high } = clopperPearson(k, 40, 0.99);
    for (const [p, rejected] of [
      [low - 1e-6, true],
      [low + 1e-6, false],
      [high - 1e-6, false],
      [high + 1e-6, true],
    ] as const) {
      if (p > 0 && p < 1) expect(binomialTwoSidedP(k, 40, p) < 0.01).toBe(rejected);
    }
  }
});
