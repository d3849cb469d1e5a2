import { expect, it } from 'vitest';
import { clopperPearson } from './binomial.ts';
import { meanEffect, proportionEffect } from './effect.ts';

it('a share has the exact interval, less what was expected', () => {
  const effect = proportionEffect({ name: 'up', successes: 3, n: 1000, expected: 0.002 });
  const { low, high } = clopperPearson(3, 1000, 0.999);
  expect(effect).toMatchObject({ name: 'up', unit: 'probability', low: low - 0.002, high: high - 0.002 });
  expect(effect.value).toBeCloseTo(0.001, 15);
  expect(() => proportionEffect({ name: 'up', successes: 0, n: 0, expected: 0.5 })).toThrow(RangeError);
});

it('a mean has 3.29 standard errors to either side', () => {
  const effect = meanEffect({ name: 'β', unit: 'relative', mean: 1.02, standardError: 0.01, expected: 1 });
  expect(effect.value).toBeCloseTo(0.02, 14);
  expect(effect.high - effect.value).toBeCloseTo(0.032905, 6);
  expect(effect.value - effect.low).toBeCloseTo(0.032905, 6);
});
