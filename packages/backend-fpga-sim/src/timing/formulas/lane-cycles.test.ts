import { expect, test } from 'vitest';
import { totalCycles } from '../add-cycles.ts';
import {
  type LaneColor,
  type LaneSchedule,
  laneStartCycles,
  laneStaticCycles,
  laneSweepCycles,
} from './lane-cycles.ts';

const schedule: LaneSchedule = {
  lanes: 8,
  couplingsPerLane: 1,
  syncCycles: 0,
  sweepCycles: 1,
  drawCycles: 0,
  temperCycles: 0,
};

test('with one group it is the published formula, plus the cycle of the multiplier', () => {
  // devices.md 5.2 with t_fix = 3, t_sync = 0, t_sweep = 1: N = 256 in 2 colors, P = 8, d = 8.
  const colors = [
    { spins: 128, degrees: [8] },
    { spins: 128, degrees: [8] },
  ];
  const published = 2 * (16 * (8 + 3)) + 1;
  expect(totalCycles(laneSweepCycles(colors, schedule))).toBe(published + 2 * 16);
});

test('a last chunk that is not full takes as long as a full one', () => {
  const of = (spins: number): number => totalCycles(laneSweepCycles([{ spins, degrees: [3] }], schedule));
  expect(of(9)).toBe(of(16));
  expect(of(9)).toBeGreaterThan(of(8));
  expect(of(0)).toBe(1);
});

test('every cause by hand: two chunks, groups of 5 and 2 neighbours on lanes of 2, with temperatures and philox', () => {
  const cycles = laneSweepCycles([{ spins: 10, degrees: [5, 2] }], {
    lanes: 8,
    couplingsPerLane: 2,
    syncCycles: 3,
    sweepCycles: 4,
    drawCycles: 10,
    temperCycles: 1,
  });
  // A chunk: 1 fetch, 3 + 1 mac, 2 + 1 scale: 8 cycles, so that 10 rounds stall it for 2.
  expect(cycles).toMatchObject({ fetch: 2, mac: 8, scale: 6, rngStall: 4, sample: 2, write: 2, colorStall: 7 });
  expect(totalCycles(cycles)).toBe(31);
});

test('long chunks hide the draw', () => {
  const stall = (degree: number): number =>
    laneSweepCycles([{ spins: 8, degrees: [degree] }], { ...schedule, drawCycles: 10 }).rngStall;
  expect([stall(7), stall(8), stall(9)]).toEqual([1, 0, 0]);
});

test('the static pass takes couplings to pinned spins, and biases where there are none', () => {
  const colors: readonly LaneColor[] = [
    { spins: 16, degrees: [9] },
    { spins: 8, degrees: [] },
  ];
  expect(laneStaticCycles(colors, { lanes: 8, couplingsPerLane: 4 }).static).toBe(2 * (1 + 3 + 1 + 1) + 2);
});

test('a random start draws once in each update slot', () => {
  const colors = [{ spins: 9 }, { spins: 1 }];
  expect(totalCycles(laneStartCycles(colors, { lanes: 8, drawCycles: 0 }))).toBe(9);
  expect(totalCycles(laneStartCycles(colors, { lanes: 8, drawCycles: 10 }))).toBe(9 + 27);
});
