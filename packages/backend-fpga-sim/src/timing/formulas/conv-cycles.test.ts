import { Dice } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { totalCycles } from '../add-cycles.ts';
import {
  type ConvArray,
  type ConvTile,
  convHalfSweepCycles,
  convHalfSweepEstimate,
  convStaticCycles,
  convTiles,
  convUniformCycles,
} from './conv-cycles.ts';

/** The same line, cycle by cycle: adders at work on one group, samplers on another, two sets of accumulators, weights that arrive. */
function walked(tiles: readonly ConvTile[], array: ConvArray): Record<string, number> {
  const groups = tiles.flatMap(({ channels, pixels, taps }, tile) => {
    const mac = taps.reduce((sum, each) => sum + Math.ceil(each / array.taps), 0);
    return Array.from(
      { length: Math.ceil(pixels / array.pixels) },
      (_, n, last = n === Math.ceil(pixels / array.pixels) - 1) => ({
        tile,
        first: n === 0,
        last,
        mac,
        scale: Math.max(1, taps.length),
        chunks: Math.ceil((channels * Math.min(array.pixels, pixels - n * array.pixels)) / array.samplers),
      }),
    );
  });
  const fetchOf = (tile: number): number =>
    Math.max(1, array.cyclesPerWeightRow * (groups.find((g) => g.tile === tile)?.mac ?? 0));
  const cycles: Record<string, number> = {
    mac: 0,
    scale: 0,
    sample: 0,
    rngStall: 0,
    weightStall: 0,
    colorStall: array.fillCycles,
  };
  let [summing, summedCycles, sampling, sampledCycles, fetching, fetchedCycles, tilesSummed] = [0, 0, 0, 0, 0, 0, 0];
  while (sampling < groups.length) {
    const group = groups[summing];
    const buffersFree = summing - sampling < 2;
    const weightsHere = array.cyclesPerWeightRow === 0 || group === undefined || !group.first || fetching > group.tile;
    const samplersBusy = sampling < summing;
    const drawing = sampledCycles % (array.drawCycles + 1) < array.drawCycles;
    const fetches = fetching < tiles.length && fetching - tilesSummed < 2;
    if (group !== undefined && (summedCycles > 0 || (buffersFree && weightsHere))) {
      const scaling = summedCycles >= group.mac;
      cycles[scaling ? 'scale' : 'mac'] = (cycles[scaling ? 'scale' : 'mac'] ?? 0) + 1;
      if (++summedCycles === group.mac + group.scale) {
        summedCycles = 0;
        summing++;
        if (group.last) tilesSummed++;
      }
    } else {
      const cause = group !== undefined && buffersFree ? 'weightStall' : drawing ? 'rngStall' : 'sample';
      cycles[cause] = (cycles[cause] ?? 0) + 1;
    }
    if (samplersBusy && ++sampledCycles === (groups[sampling]?.chunks ?? 0) * (array.drawCycles + 1)) {
      sampledCycles = 0;
      sampling++;
    }
    if (fetches && ++fetchedCycles === fetchOf(fetching)) {
      fetchedCycles = 0;
      fetching++;
    }
  }
  return cycles;
}

const dice = new Dice(5);

/** Arrays and tiles of all sizes that a walk by hand is quick on. */
function drawn(o: { readonly drawCyclesMax: number; readonly weightRowMax: number }): {
  readonly array: ConvArray;
  readonly tiles: readonly ConvTile[];
} {
  const array = {
    channels: dice.integer(1, 5),
    taps: dice.integer(1, 6),
    pixels: dice.integer(1, 5),
    samplers: dice.integer(1, 12),
    fillCycles: dice.integer(0, 12),
    drawCycles: dice.integer(0, o.drawCyclesMax),
    cyclesPerWeightRow: dice.integer(0, o.weightRowMax),
  };
  const banks = Array.from({ length: dice.integer(1, 2) }, () => ({
    channels: dice.integer(1, 14),
    pixels: dice.integer(1, 14),
    taps: Array.from({ length: dice.integer(0, 3) }, () => dice.integer(1, 30)),
  }));
  return { array, tiles: banks.flatMap((bank) => convTiles(bank, array)) };
}

test.each([
  ['draws at once, weights on chip', { drawCyclesMax: 0, weightRowMax: 0 }],
  ['draws that take cycles', { drawCyclesMax: 12, weightRowMax: 0 }],
  ['weights from outside', { drawCyclesMax: 0, weightRowMax: 9 }],
  ['both', { drawCyclesMax: 12, weightRowMax: 9 }],
])('%s: the formula is the walk, by cause, whatever the sizes', (_, o) => {
  for (let n = 0; n < 500; n++) {
    const { array, tiles } = drawn(o);
    expect({ array, tiles, cycles: convHalfSweepCycles(tiles, array) }).toMatchObject({
      array,
      tiles,
      cycles: walked(tiles, array),
    });
  }
});

test('groups that are alike: n · max(m, q) + min(m, q) + fill', () => {
  for (let n = 0; n < 500; n++) {
    const { array } = drawn({ drawCyclesMax: 4, weightRowMax: 0 });
    const taps = [dice.integer(1, 40)];
    const bank = { channels: array.channels * dice.integer(1, 4), pixels: array.pixels * dice.integer(1, 4), taps };
    const groups = (bank.channels / array.channels) * (bank.pixels / array.pixels);
    const sample = Math.ceil((array.channels * array.pixels) / array.samplers) * (array.drawCycles + 1);
    const mac = Math.ceil((taps[0] as number) / array.taps) + 1;
    expect(totalCycles(convHalfSweepCycles(convTiles(bank, array), array))).toBe(
      convUniformCycles({ groups, mac, sample, fill: array.fillCycles }),
    );
  }
});

const hand = {
  channels: 16,
  taps: 8,
  pixels: 32,
  samplers: 64,
  fillCycles: 12,
  drawCycles: 0,
  cyclesPerWeightRow: 0,
} as const;
const handTiles = convTiles({ channels: 32, pixels: 64, taps: [144] }, hand);

test('every cause by hand: 32 channels of 64 pixels in 4 groups, 9 · 16 taps in 8 at a time', () => {
  const cycles = convHalfSweepCycles(handTiles, hand);
  // m = 18 + 1, q = 16 · 32 / 64 = 8: only the last group's samples are seen.
  expect(cycles).toMatchObject({ mac: 72, scale: 4, sample: 8, rngStall: 0, weightStall: 0, colorStall: 12 });
  expect(totalCycles(cycles)).toBe(96);
});

test('philox at the samplers is seen where it is longer than the sums: q = 8 · 11', () => {
  const cycles = convHalfSweepCycles(handTiles, { ...hand, drawCycles: 10 });
  expect(totalCycles(cycles)).toBe(4 * 88 + 19 + 12);
  expect(cycles.rngStall + cycles.sample).toBe(4 * 88 + 19 - 4 * 19);
  expect(cycles.rngStall).toBeGreaterThan(9 * cycles.sample);
});

test('weights that come slower than they are used stall the array', () => {
  const stall = (cyclesPerWeightRow: number): number =>
    convHalfSweepCycles(handTiles, { ...hand, cyclesPerWeightRow }).weightStall;
  // The first tile waits for its 18 rows; the second for what the 2 · 19 cycles of the first do not hide of its own.
  expect([stall(0), stall(1), stall(2), stall(3)]).toEqual([0, 18, 36, 54 + 54 - 38]);
});

test('the estimate of devices.md 5.5 is never above the walk', () => {
  for (let n = 0; n < 500; n++) {
    const { array } = drawn({ drawCyclesMax: 12, weightRowMax: 9 });
    const bank = { channels: dice.integer(1, 14), pixels: dice.integer(1, 14), taps: [dice.integer(1, 30)] };
    const exact = totalCycles(convHalfSweepCycles(convTiles(bank, array), array));
    expect(convHalfSweepEstimate(bank, array)).toBeLessThanOrEqual(exact);
  }
});

test('block 6 of the paper in 8,192 adders: half a sweep is 173 µs at 250 MHz, 44 µs in 32,768', () => {
  const bank = { channels: 784, pixels: 64, taps: [9 * 784] };
  const microseconds = (channels: number, taps: number): number =>
    convHalfSweepEstimate(bank, { ...hand, channels, taps, pixels: 64 }) / 250;
  expect(microseconds(16, 8)).toBeCloseTo(173, 0);
  expect(microseconds(32, 16)).toBeCloseTo(44.1, 0);
});

test('the static pass is the same line without draws', () => {
  const cycles = totalCycles(convHalfSweepCycles(handTiles, hand));
  expect(convStaticCycles([handTiles, handTiles], { ...hand, drawCycles: 10 }).static).toBe(2 * cycles);
  expect(convStaticCycles([], hand).static).toBe(0);
});
