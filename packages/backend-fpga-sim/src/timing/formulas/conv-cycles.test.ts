import { Dice } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { totalCycles } from '../add-cycles.ts';
import {
  type ConvArray,
  type ConvHalfSweep,
  convHalfSweepCycles,
  convHalfSweepEstimate,
  convStaticCycles,
  convUniformCycles,
} from './conv-cycles.ts';

/** The same line, cycle by cycle: adders at work on one group, samplers on another, two sets of accumulators, weights that arrive. */
function walked(bank: ConvHalfSweep, array: ConvArray): number {
  const m = bank.taps.reduce((sum, taps) => sum + Math.ceil(taps / array.taps) + 1, 0);
  const groups: { readonly first: boolean; readonly sample: number }[] = [];
  for (let channel = 0; channel < bank.channels; channel += array.channels) {
    for (let pixel = 0; pixel < bank.pixels; pixel += array.pixels) {
      const spins = Math.min(array.channels, bank.channels - channel) * Math.min(array.pixels, bank.pixels - pixel);
      groups.push({ first: pixel === 0, sample: Math.ceil(spins / array.samplers) });
    }
  }
  let summing = 0;
  let sampling = 0;
  let macLeft = 0;
  let sampleLeft = 0;
  let weightsLeft = bank.weightCycles;
  let cycle = 0;
  while (sampling < groups.length) {
    // Samplers take a group that is summed; its accumulators are free when they are done with it.
    if (sampleLeft === 0 && (summing > sampling + 1 || (summing === sampling + 1 && macLeft === 0))) {
      sampleLeft = groups[sampling]?.sample ?? 0;
    }
    if (macLeft === 0 && summing < groups.length && summing - sampling < 2) {
      const waits = groups[summing]?.first === true && weightsLeft > 0;
      if (!waits) {
        if (groups[summing]?.first === true) weightsLeft = bank.weightCycles;
        macLeft = m;
        summing++;
      }
    }
    cycle++;
    if (weightsLeft > 0) weightsLeft--;
    if (macLeft > 0) macLeft--;
    if (sampleLeft > 0 && --sampleLeft === 0) sampling++;
  }
  return cycle + array.fillCycles;
}

const dice = new Dice(5);

/** Arrays and banks of all sizes that a walk by hand is quick on. */
function drawn(weightCyclesMax: number): { readonly array: ConvArray; readonly bank: ConvHalfSweep } {
  return {
    array: {
      channels: dice.integer(1, 5),
      taps: dice.integer(1, 6),
      pixels: dice.integer(1, 5),
      samplers: dice.integer(1, 12),
      fillCycles: dice.integer(0, 12),
    },
    bank: {
      channels: dice.integer(1, 14),
      pixels: dice.integer(1, 14),
      taps: Array.from({ length: dice.integer(1, 3) }, () => dice.integer(1, 30)),
      weightCycles: dice.integer(0, weightCyclesMax),
    },
  };
}

test.each([
  ['on chip', 0],
  ['from outside', 60],
])('weights %s: the formula is the walk, whatever the sizes', (_, weightCyclesMax) => {
  for (let n = 0; n < 1000; n++) {
    const { array, bank } = drawn(weightCyclesMax);
    const cycles = totalCycles(convHalfSweepCycles(bank, array));
    expect({ array, bank, cycles }).toEqual({ array, bank, cycles: walked(bank, array) });
  }
});

test('groups that are alike: n · max(m, q) + min(m, q) + fill', () => {
  expect(convUniformCycles({ groups: 6, mac: 10, sample: 4, fill: 12 })).toBe(76);
  expect(convUniformCycles({ groups: 6, mac: 4, sample: 10, fill: 12 })).toBe(76);
});

test('every cause by hand: 32 channels of 64 pixels in 4 groups, 9 · 16 taps in 8 at a time', () => {
  const array = { channels: 16, taps: 8, pixels: 32, samplers: 64, fillCycles: 12 };
  const cycles = convHalfSweepCycles({ channels: 32, pixels: 64, taps: [144], weightCycles: 0 }, array);
  // m = 18 + 1, q = 16 · 32 / 64 = 8: only the last group's samples are seen.
  expect(cycles).toMatchObject({ mac: 72, scale: 4, sample: 8, weightStall: 0, colorStall: 12 });
  expect(totalCycles(cycles)).toBe(96);
});

test('weights that come slower than they are used stall the array', () => {
  const array = { channels: 16, taps: 8, pixels: 32, samplers: 64, fillCycles: 12 };
  const stall = (weightCycles: number): number =>
    convHalfSweepCycles({ channels: 32, pixels: 64, taps: [144], weightCycles }, array).weightStall;
  // The first group of channels waits for its own; the second for what 2 · 19 cycles do not hide.
  expect([stall(0), stall(10), stall(38), stall(40)]).toEqual([0, 10, 38, 42]);
});

test('the estimate of devices.md 5.5 is never above the walk', () => {
  for (let n = 0; n < 1000; n++) {
    const { array, bank } = drawn(60);
    expect(convHalfSweepEstimate(bank, array)).toBeLessThanOrEqual(totalCycles(convHalfSweepCycles(bank, array)));
  }
});

test('block 6 of the paper in 8,192 adders: half a sweep is 173 µs at 250 MHz, 43 µs in 32,768', () => {
  const bank = { channels: 784, pixels: 64, taps: [9 * 784], weightCycles: 0 };
  const microseconds = (channels: number, taps: number): number =>
    convHalfSweepEstimate(bank, { channels, taps, pixels: 64, samplers: 64, fillCycles: 12 }) / 250;
  expect(microseconds(16, 8)).toBeCloseTo(173, 0);
  expect(microseconds(32, 16)).toBeCloseTo(44.1, 0);
});

test('the static pass sums without samples', () => {
  const array = { channels: 2, taps: 4, pixels: 4, samplers: 8, fillCycles: 12 };
  expect(convStaticCycles([{ channels: 4, pixels: 9, taps: [9] }], array).static).toBe(6 * (3 + 1) + 12);
  expect(convStaticCycles([], array).static).toBe(0);
});
