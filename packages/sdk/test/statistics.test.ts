import { expect, test } from 'vitest';
import { divergence, falseAlarmBound } from './statistics.ts';

/** Every outcome of N draws over k cells. */
function compositions(total: number, cells: number): number[][] {
  if (cells === 1) return [[total]];
  return Array.from({ length: total + 1 }, (_, first) => first).flatMap((first) =>
    compositions(total - first, cells - 1).map((rest) => [first, ...rest]),
  );
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
}

function multinomial(counts: readonly number[], p: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const log = counts.reduce(
    (sum, count, cell) => sum + (count === 0 ? 0 : count * Math.log(p[cell] as number)) - logFactorial(count),
    logFactorial(total),
  );
  return Math.exp(log);
}

test('the divergence is N times the Kullback–Leibler divergence of the observed shares', () => {
  expect(divergence([50, 50], [0.5, 0.5])).toBe(0);
  expect(divergence([100, 0], [0.5, 0.5])).toBeCloseTo(100 * Math.log(2), 10);
  expect(divergence([1, 99], [0, 1])).toBe(Number.POSITIVE_INFINITY);
});

test('the bound is never below the exact probability of so large a divergence', () => {
  const laws = [
    { draws: 60, p: [0.5, 0.5] },
    { draws: 60, p: [0.97, 0.03] },
    { draws: 25, p: [0.2, 0.3, 0.5] },
    { draws: 25, p: [0.9, 0.09, 0.01] },
    { draws: 12, p: [0.4, 0.3, 0.2, 0.1] },
  ];
  for (const { draws, p } of laws) {
    const outcomes = compositions(draws, p.length).map((counts) => ({ counts, x: divergence(counts, p) }));
    outcomes.sort((a, b) => b.x - a.x);
    let tail = 0;
    for (const { counts } of outcomes) {
      tail += multinomial(counts, p);
      // The tail runs over outcomes at least as divergent as this one (ties may still be missing, which only lowers
      // it).
      expect(falseAlarmBound(counts, p)).toBeGreaterThanOrEqual(tail * (1 - 1e-9));
    }
    expect(tail).toBeCloseTo(1, 9);
  }
});

test('a fit is no alarm, a gross misfit is a certain one', () => {
  expect(falseAlarmBound([5003, 4997], [0.5, 0.5])).toBe(1);
  expect(falseAlarmBound([6000, 4000], [0.5, 0.5])).toBeLessThan(1e-80);
  expect(falseAlarmBound([0, 10], [0, 1])).toBe(1);
  expect(falseAlarmBound([1, 9], [0, 1])).toBe(0);
});
