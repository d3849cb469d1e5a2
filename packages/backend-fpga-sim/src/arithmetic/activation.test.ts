import { activationLimit, activationTable } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { type Activation, thresholdTable, updateProbabilityDeviation } from './activation.ts';

const everyFractionBits = [4, 5, 6, 7, 8, 9, 10, 11, 12];
const exact: Activation = { kind: 'exact', thresholdBits: 16 };
const table = (entries: number): Activation => ({ kind: 'table', entries, thresholdBits: 16 });
const clip = (fieldMax: number): Activation => ({ kind: 'clip', fieldMax, thresholdBits: 16 });
const activations: Activation[] = [
  exact,
  table(16),
  table(512),
  table(2048),
  table(65_536),
  clip(0.125),
  clip(1),
  clip(8),
];

describe.each(everyFractionBits)('%i fraction bits', (fractionBits) => {
  const limit = activationLimit(fractionBits);
  const all = activations.flatMap((each) => [each, { ...each, thresholdBits: 8 } as const]);

  test.each(all)(
    'thresholds of $kind, $thresholdBits bits, rise from 0 to 65536 and are 65536 with those of −f',
    (activation) => {
      const thresholds = thresholdTable(activation, fractionBits);
      expect(thresholds).toHaveLength(2 * limit + 1);
      expect(thresholds[0]).toBe(0);
      expect(thresholds[limit]).toBe(32768);
      const falls = thresholds.findIndex((threshold, n) => n > 0 && threshold < (thresholds[n - 1] as number));
      expect(falls).toBe(-1);
      const uneven = thresholds.findIndex(
        (threshold, n) => threshold + (thresholds[2 * limit - n] as number) !== 65536,
      );
      expect(uneven).toBe(-1);
    },
  );

  test('the exact activation is T, and so is a table with an entry for every field, but not one of half as many', () => {
    expect([...thresholdTable(exact, fractionBits)]).toEqual([...activationTable(fractionBits)]);
    expect(thresholdTable(table(2 * limit), fractionBits)).toEqual(thresholdTable(exact, fractionBits));
    expect(updateProbabilityDeviation(table(2 * limit), fractionBits)).toBe(0);
    expect(updateProbabilityDeviation(table(limit), fractionBits)).toBeGreaterThan(0);
  });

  test('a field takes the nearest entry of its table, the farther from 0 of two', () => {
    const T = activationTable(fractionBits);
    for (const entries of [16, 32]) {
      if (entries > limit) continue;
      const step = (2 * limit) / entries;
      const thresholds = thresholdTable(table(entries), fractionBits);
      for (let j = 0; j <= limit; j++) {
        const stored = Array.from({ length: entries / 2 }, (_, n) => n * step);
        const near = stored.reduce((best, each) => (Math.abs(j - each) <= Math.abs(j - best) ? each : best), 0);
        expect(thresholds[limit + j]).toBe(T[limit + near]);
      }
    }
  });

  test('a table of D between entries deviates by no more than D / 4 and the rounding of two thresholds', () => {
    for (const entries of [16, 128, 512, 2048, 4096]) {
      expect(updateProbabilityDeviation(table(entries), fractionBits)).toBeLessThanOrEqual(
        16 / entries / 4 + 1 / 65536,
      );
    }
  });

  test('thresholds of 8 bits are the nearest multiples of 256', () => {
    for (const activation of activations) {
      const fine = thresholdTable(activation, fractionBits);
      const coarse = thresholdTable({ ...activation, thresholdBits: 8 }, fractionBits);
      expect(coarse.every((threshold) => threshold % 256 === 0)).toBe(true);
      expect(coarse.every((threshold, n) => Math.abs(threshold - (fine[n] as number)) <= 128)).toBe(true);
    }
  });
});

test('deviations at 9 fraction bits, in units of a threshold: 2,048 entries 0.2 %, 512 entries 0.8 %, clip 12 %', () => {
  const deviation = (activation: Activation) => 65536 * updateProbabilityDeviation(activation, 9);
  expect(deviation(exact)).toBe(0);
  expect(deviation(table(2048))).toBe(128);
  expect(deviation(table(512))).toBe(512);
  expect(deviation(clip(1))).toBe(7812);
  expect(deviation({ kind: 'exact', thresholdBits: 8 })).toBe(128);
});

test('the line of clip ends where it says', () => {
  const thresholds = thresholdTable(clip(1), 5);
  expect([...thresholds.subarray(256 - 32, 256 + 33)]).toEqual(Array.from({ length: 65 }, (_, n) => 1024 * n));
  expect(thresholds[256 + 33]).toBe(65536);
});

test('tables of a power of two from 16 on are taken, and lines of some length', () => {
  for (const entries of [8, 24, 0, Number.NaN]) expect(() => thresholdTable(table(entries), 5)).toThrow(RangeError);
  expect(() => thresholdTable(table(16), 5)).not.toThrow();
  for (const fieldMax of [0, -1, Number.NaN]) expect(() => thresholdTable(clip(fieldMax), 5)).toThrow(RangeError);
  expect(() => thresholdTable(clip(2 ** -20), 5)).not.toThrow();
});
