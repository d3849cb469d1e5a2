import { describe, expect, test } from 'vitest';
import { activationTable } from '../oracle/activation.ts';
import { threshold, thresholdTable } from './faulty-thresholds.ts';
import type { ActivationFault, SamplerFault } from './sampler-fault.ts';

const sigma = (x: number): number => 1 / (1 + Math.exp(-2 * x));
const activation = (fault: { change: string } & Record<string, unknown>): SamplerFault[] => [
  { kind: 'activation', ...fault } as ActivationFault,
];

test('without a fault the table is T, and computed anew it still is', () => {
  expect(thresholdTable(9, []).n).toBe(activationTable(9));
  const { limit, n } = thresholdTable(9, [{ kind: 'beta-scale', factor: 1 }]);
  expect(limit).toBe(4096);
  expect(n).toEqual(activationTable(9));
});

describe('one fault at a time', () => {
  test('a wrong β moves every field; tables are long enough for a small one', () => {
    for (const x of [-3, -0.2, 0, 1.1]) {
      expect(threshold(x, [{ kind: 'beta-scale', factor: 1.02 }])).toBe(Math.round(65536 * sigma(1.02 * x)));
    }
    const { limit, n } = thresholdTable(9, [{ kind: 'beta-scale', factor: 0.5 }]);
    expect(limit).toBe(8192);
    expect(n[limit + 10 * 512]).toBe(Math.round(65536 * sigma(5)));
  });

  test('a table of 16 entries takes the lower ends of its bins, and is clipped outside', () => {
    const table = activation({ change: 'table', entries: 16, limit: 4, at: 'floor' });
    expect(threshold(0.49, table)).toBe(32768);
    expect(threshold(0.5, table)).toBe(Math.round(65536 * sigma(0.5)));
    expect(threshold(-0.01, table)).toBe(Math.round(65536 * sigma(-0.5)));
    expect(threshold(7, table)).toBe(Math.round(65536 * sigma(3.5)));
    const middle = activation({ change: 'table', entries: 256, limit: 4, at: 'middle' });
    expect(threshold(-7, middle)).toBe(Math.round(65536 * sigma(-4 + 1 / 64)));
    expect(threshold(0.01, middle)).toBe(Math.round(65536 * sigma(1 / 64)));
  });

  test('hard sigmoid, probit and clamp', () => {
    const hard = activation({ change: 'hard' });
    expect([-2, -1, 0, 0.5, 1, 2].map((x) => threshold(x, hard))).toEqual([0, 0, 32768, 49152, 65536, 65536]);
    const probit = activation({ change: 'probit' });
    expect(threshold(0, probit)).toBe(32768);
    // Φ(2/1.702) = 0.87999…
    expect(threshold(1, probit) / 65536).toBeCloseTo(0.88, 3);
    const differences = Array.from({ length: 800 }, (_, n) =>
      Math.abs(threshold(n / 100 - 4, probit) / 65536 - sigma(n / 100 - 4)),
    );
    expect(Math.max(...differences)).toBeCloseTo(0.0095, 3);
    const clamp = activation({ change: 'clamp', limit: 2 });
    expect(threshold(5, clamp)).toBe(Math.round(65536 * sigma(2)));
    expect(threshold(1.5, clamp)).toBe(Math.round(65536 * sigma(1.5)));
  });

  test('bias, bits of P, bits of u and the comparator', () => {
    const biased = activation({ change: 'bias', by: 0.005 });
    expect(threshold(0, biased)).toBe(Math.round(65536 * 0.505));
    expect(threshold(8, biased)).toBe(65536);
    const bits = activation({ change: 'bits', bits: 8 });
    expect(threshold(0.3, bits)).toBe(256 * Math.round(256 * sigma(0.3)));
    expect(threshold(0, activation({ change: 'or-equal' }))).toBe(32769);
    const uniform: SamplerFault[] = [{ kind: 'uniform', change: 'bits', bits: 8 }];
    for (const x of [-1, 0, 0.3]) {
      const n = Math.round(65536 * sigma(x));
      const count = (below: (u: number) => boolean): number =>
        Array.from({ length: 65536 }, (_, r) => r - (r % 256)).filter(below).length;
      expect(threshold(x, uniform)).toBe(count((u) => u < n));
      const both = [...uniform, ...activation({ change: 'or-equal' })];
      expect(threshold(x, both)).toBe(count((u) => u <= n));
    }
  });
});
