import { expect, test } from 'vitest';
import { addCycles, timesCycles, totalCycles } from './add-cycles.ts';
import { cycleCauses } from './cycle-causes.ts';
import { linkTime } from './link-time.ts';
import { counterBitsFor, type RunShape, runTime } from './run-time.ts';
import { utilisation } from './utilisation.ts';

const axi = { kind: 'axi-lite', readBeatNs: 242, writeBeatNs: 132 } as const;
const shape: RunShape = {
  clockHz: 100e6,
  sweep: { mac: 90, sample: 10 },
  before: { static: 40 },
  drainCycles: 5,
  sweeps: 20,
  retained: 16,
  rows: 3,
  link: axi,
  configBits: 64,
  rowBitsIn: 33,
  rowBitsOut: 320,
  readout: 'counter',
  readSpins: 50,
  walkCycles: 2,
};

test('cycles add up by cause', () => {
  const sum = addCycles({ mac: 2 }, { mac: 3, io: 1 });
  expect(Object.keys(sum)).toEqual([...cycleCauses]);
  expect([sum.mac, sum.io, sum.write, totalCycles(sum)]).toEqual([5, 1, 0, 6]);
  expect(totalCycles(timesCycles(3, sum))).toBe(18);
});

test('a run is its configuration, its rows and its transfers', () => {
  const time = runTime(shape);
  const linkNs = 2 * 132 + 3 * (2 * 132 + 10 * 242);
  expect(time.linkSeconds).toBeCloseTo(linkNs * 1e-9, 15);
  expect(totalCycles(time.cycles) - time.cycles.io).toBe(60 * 100 + 3 * 45);
  expect(time.cycles.io).toBe(Math.ceil(linkNs / 10));
  expect(time.seconds).toBeCloseTo(6135e-8 + linkNs * 1e-9, 12);
  expect([time.bytesIn, time.bytesOut]).toEqual([4 * (2 + 3 * 2), 4 * 3 * 10]);
});

test('counters cost nothing, a walk its spins in every retained sweep, raw states a transfer in each', () => {
  const extra = (readout: RunShape['readout']): number =>
    runTime({ ...shape, readout }).seconds - runTime(shape).seconds;
  expect(extra('counter')).toBe(0);
  expect(runTime({ ...shape, readout: 'walk' }).cycles.readout).toBe(48 * 50 * 2);
  expect(extra('walk')).toBeCloseTo(4800 / 100e6, 12);
  expect(extra('raw')).toBeCloseTo(48 * 2 * 242e-9, 12);
  expect(runTime({ ...shape, readout: 'raw' }).bytesOut).toBe(4 * (30 + 48 * 2));
});

test('a transfer over dma or pcie has a latency, and nothing takes no time', () => {
  const link = linkTime({ ...axi, kind: 'pcie', latencyNs: 10_000, bytesPerSecond: 12e9 });
  expect(link.readNs(3)).toBeCloseTo(10_001, 6);
  expect([link.writeNs(2, 'registers'), link.readNs(2, 'registers')]).toEqual([264, 484]);
  expect([link.readNs(0), link.writeNs(0), linkTime(axi).writeNs(0)]).toEqual([0, 0, 0]);
});

test('a counter holds every sum from −K to K', () => {
  expect([1, 2, 3, 4, 7, 8, 32_767, 32_768].map(counterBitsFor)).toEqual([2, 3, 3, 4, 4, 5, 16, 17]);
});

test('utilisation is 1 where every adder adds a coupling in every cycle', () => {
  expect(utilisation({ synapticOperations: 800, cycles: 100, adders: 8 })).toBe(1);
  expect(utilisation({ synapticOperations: 0, cycles: 0, adders: 8 })).toBeNull();
});
