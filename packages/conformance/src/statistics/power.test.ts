import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { binomialTwoSidedP, binomialUpperTail } from './binomial.ts';
import { drawBinomial } from './binomial-draws.ts';
import { chiSquareSamples, noncentralityConstant, samplesFor, shiftConstant, stageLevel } from './power.ts';
import {
  chiSquarePower,
  noncentralityFoundBy,
  noncentralityOf,
  proportionShift,
  shiftFoundBy,
  shiftPower,
  twoStagePower,
} from './resolution.ts';

it.each([
  [1, 41],
  [33, 53],
  [330, 60],
  [1e3, 64],
  [1e5, 78],
])('K(%i) is %i', (hypotheses, value) => {
  expect(Math.abs(shiftConstant(hypotheses) - value)).toBeLessThan(0.5);
});

it.each([
  [1, 41],
  [10, 62],
  [20, 73],
  [40, 90],
  [63, 105],
])('L(%i) is %i', (degrees, value) => {
  // The catalogue's numbers are rounded up or to the nearest.
  expect(noncentralityConstant(degrees)).toBeGreaterThan(value - 1);
  expect(noncentralityConstant(degrees)).toBeLessThan(value + 0.5);
});

it('sample sizes are the constants over the effect, rounded up', () => {
  expect(samplesFor({ shift: 0.1, hypotheses: 1 })).toBe(4072);
  expect(samplesFor({ shift: -0.1, hypotheses: 1 })).toBe(4072);
  expect(chiSquareSamples({ noncentrality: 0.01, degrees: 1 })).toBe(4072);
  expect(chiSquareSamples({ noncentrality: 0.01, degrees: 5, hypotheses: 16 })).toBeGreaterThan(
    chiSquareSamples({ noncentrality: 0.01, degrees: 5 }),
  );
  expect(() => samplesFor({ shift: 0, hypotheses: 1 })).toThrow(RangeError);
  expect(() => chiSquareSamples({ noncentrality: 0, degrees: 1 })).toThrow(RangeError);
  expect(() => noncentralityConstant(0)).toThrow(RangeError);
  expect(() => shiftConstant(0)).toThrow(RangeError);
});

it('the samples that an effect asks for find it with power 0.999, in one stage and in two', () => {
  const n = samplesFor({ shift: 0.02, hypotheses: 33 });
  const stage = (samples: number): number => shiftPower({ n: samples, shift: 0.02, hypotheses: 33 });
  expect(stage(n)).toBeCloseTo(0.999, 4);
  expect(twoStagePower(n, stage)).toBeCloseTo(0.999, 4);
  expect(shiftFoundBy({ n, hypotheses: 33 })).toBeCloseTo(0.02, 4);
  const m = chiSquareSamples({ noncentrality: 0.002, degrees: 63 });
  expect(chiSquarePower({ n: m, noncentrality: 0.002, degrees: 63 })).toBeCloseTo(0.999, 4);
  expect(noncentralityFoundBy({ n: m, degrees: 63 })).toBeCloseTo(0.002, 5);
});

it('without an effect power is the level', () => {
  expect(shiftPower({ n: 1000, shift: 0, hypotheses: 1 })).toBeCloseTo(stageLevel, 12);
  expect(chiSquarePower({ n: 1000, noncentrality: 0, degrees: 7 })).toBeCloseTo(stageLevel, 10);
});

/** H0: the exact binomial test at N of samplesFor finds the shift in 0.997 of screens or more (power 0.999 less what few counts cost); N = 5000, one-sided, false alarm 1e-6. */
it('by experiment: a probability of 0.35 instead of 0.3 is found at N of its shift', () => {
  const random = new RandomStream(5n, 'power');
  const n = samplesFor({ shift: proportionShift(0.3, 0.35), hypotheses: 1 });
  let missed = 0;
  for (let run = 0; run < 5000; run++) {
    if (binomialTwoSidedP(drawBinomial(n, 0.35, random), n, 0.3) > stageLevel) missed++;
  }
  expect(binomialUpperTail(missed, 5000, 0.003)).toBeGreaterThan(1e-6);
  expect(missed).toBeGreaterThan(0);
});

it('distances of two laws', () => {
  expect(noncentralityOf([0.5, 0.5], [0.6, 0.4])).toBeCloseTo(0.04, 14);
  expect(noncentralityOf([1, 0], [0.9, 0.1])).toBe(Number.POSITIVE_INFINITY);
  expect(noncentralityOf([1, 0], [1, 0])).toBe(0);
  expect(proportionShift(0.5, 0.6)).toBeCloseTo(0.2, 14);
  expect(() => noncentralityOf([1], [0.5, 0.5])).toThrow(RangeError);
  expect(() => proportionShift(0, 0.5)).toThrow(RangeError);
});

it('a shift of p is a noncentrality of its square', () => {
  const shift = proportionShift(0.3, 0.35);
  expect(noncentralityOf([0.3, 0.7], [0.35, 0.65])).toBeCloseTo(shift ** 2, 14);
});
