import { expect, test } from 'vitest';
import { annealCharge } from './anneal-time.ts';
import { denseSerialSweepCycles, denseSynchronousStepCycles } from './dense-cycles.ts';
import { fabricSweepCycles } from './fabric-cycles.ts';
import { chipCommunication } from './multi-chip.ts';

test('a fabric takes k cycles for each color, or one where clocks are shifted', () => {
  expect(fabricSweepCycles({ colors: 4, cyclesPerColor: 2, phases: 'sequential' })).toBe(8);
  expect(fabricSweepCycles({ colors: 4, cyclesPerColor: 2, phases: 'shifted' })).toBe(1);
});

test('a complete graph: a started group of k spins is a whole one', () => {
  expect([800, 801, 804].map((spins) => denseSerialSweepCycles({ spins, parallelPaths: 4 }))).toEqual([201, 202, 202]);
  expect(denseSynchronousStepCycles({ spins: 10, adders: 32, fillCycles: 5 })).toBe(9);
});

test('an annealer programs once, and reads many times', () => {
  const time = { programmingUs: 100, annealUs: 20, readoutUs: 5, delayUs: 1 };
  expect(annealCharge(time, 3)).toEqual({ samplingUs: 78, accessUs: 178 });
  expect(annealCharge(time, 0)).toEqual({ samplingUs: 0, accessUs: 100 });
});

test('the slowest pair of chips says how fast all may sweep', () => {
  const pairs = [
    { boundarySpins: 100, hops: 1, pins: 50 },
    { boundarySpins: 60, hops: 2, pins: 20 },
  ];
  expect(chipCommunication({ colors: 5, communicationHz: 600e6, pairs })).toEqual({
    ratioRequired: 60,
    sweepHzMax: 10e6,
  });
  expect(chipCommunication({ colors: 5, communicationHz: 600e6, pairs: [] }).sweepHzMax).toBe(Number.POSITIVE_INFINITY);
});
