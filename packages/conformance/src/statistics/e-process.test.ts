/** Reference values: mpmath 1.3 at 30 digits. */
import { expect, it } from 'vitest';
import { anytimeP, bernoulliProxy, dirichletLog, normalMixtureLog, rejectionLog } from './e-process.ts';

it('the Dirichlet mixture of three cells', () => {
  expect(dirichletLog([5, 20, 75], [0.1, 0.2, 0.7])).toBeCloseTo(0.0562291651087831, 11);
  expect(dirichletLog([0, 0], [0.5, 0.5])).toBe(0);
  expect(dirichletLog([0, 1], [1, 0])).toBe(Number.POSITIVE_INFINITY);
  expect(() => dirichletLog([1], [0.5, 0.5])).toThrow(RangeError);
});

it.each([1, 10, 1000])('its mean over all outcomes is 1, at concentration %i', (concentration) => {
  const n = 8;
  const choose = (k: number): number => (k === 0 ? 1 : (choose(k - 1) * (n - k + 1)) / k);
  let mean = 0;
  for (let k = 0; k <= n; k++) {
    const point = choose(k) * 0.3 ** k * 0.7 ** (n - k);
    mean += point * Math.exp(dirichletLog([k, n - k], [0.3, 0.7], concentration));
  }
  expect(mean).toBeCloseTo(1, 12);
});

it('the mean of the normal mixture over Bernoulli sums is at most 1', () => {
  const choose = (n: number, k: number): number => (k === 0 ? 1 : (choose(n, k - 1) * (n - k + 1)) / k);
  for (const p of [0.5, 0.2, 0.01]) {
    for (const n of [1, 5, 40]) {
      for (const scale of [0.1, 1, 100]) {
        let mean = 0;
        for (let k = 0; k <= n; k++) {
          const point = choose(n, k) * p ** k * (1 - p) ** (n - k);
          mean += point * Math.exp(normalMixtureLog(k - n * p, n * bernoulliProxy(p), scale));
        }
        expect(mean).toBeLessThanOrEqual(1 + 1e-12);
        expect(mean).toBeGreaterThan(0.1);
      }
    }
  }
});

it('the proxy of a Bernoulli variable is between its variance and ¼', () => {
  expect(bernoulliProxy(0.1)).toBeCloseTo(0.182047845325367, 14);
  expect(bernoulliProxy(0.9)).toBeCloseTo(bernoulliProxy(0.1), 14);
  expect(bernoulliProxy(0.5)).toBe(0.25);
  expect([bernoulliProxy(0), bernoulliProxy(1)]).toEqual([0, 0]);
  for (const p of [1e-6, 0.01, 0.3, 0.4999, 0.49996, 0.5001]) {
    expect(bernoulliProxy(p)).toBeGreaterThanOrEqual(p * (1 - p));
    expect(bernoulliProxy(p)).toBeLessThanOrEqual(0.25);
  }
  expect(() => bernoulliProxy(2)).toThrow(RangeError);
});

it('evidence grows with a deviation and shrinks without one', () => {
  expect(dirichletLog([6000, 4000], [0.5, 0.5])).toBeGreaterThan(rejectionLog);
  expect(dirichletLog([50_000, 50_000], [0.5, 0.5])).toBeLessThan(0);
  expect(normalMixtureLog(600, 2500, 100)).toBeGreaterThan(rejectionLog);
  expect(normalMixtureLog(0, 2500, 100)).toBeLessThan(0);
  expect(() => normalMixtureLog(0, -1, 100)).toThrow(RangeError);
});

it('as a p-value it is the inverse of the evidence, 1 at most', () => {
  expect(anytimeP(rejectionLog)).toBeCloseTo(1e-6, 16);
  expect(anytimeP(-3)).toBe(1);
});
