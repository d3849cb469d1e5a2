import { describe, expect, it } from 'vitest';
import { type BenchRow, type DeviceFigures, median, mergePasses, type PassTimings, rowOfPass } from './bench-row.ts';

const timings: PassTimings = {
  workload: { name: 'W', updatesPerSweep: 5e8, synapticOperationsPerSweep: 2e9 },
  implementation: 'sampler 1.0',
  variant: 'plain',
  threads: 1,
  seconds: [4, 2, 8],
  sweeps: 10,
  checkEnergyPerSpin: -1,
  cpuShare: 0.99,
};

const figures: DeviceFigures = {
  uri: 'cpu',
  description: 'this processor',
  weightBits: 7,
  rows: 16,
  msPerRowSweep: 1,
  plannedBytes: 1,
  peakBytes: 1,
  loadMs: 1,
  firstSweepMs: 1,
  loopDelayP99Ms: 1,
  uncoupledNsPerUpdate: 1,
  kernelShare: 1,
  philoxNsPerUpdate: 1,
};

describe('a row', () => {
  it('of one pass is its median repetition', () => {
    expect(rowOfPass(timings)).toEqual({
      workload: 'W',
      implementation: 'sampler 1.0',
      variant: 'plain',
      threads: 1,
      gsopPerSecond: 5,
      updatesPerNs: 1.25,
      spread: { passBest: 5, passWorst: 5, repetitionFastest: 10, repetitionSlowest: 2.5 },
      samples: true,
      checkEnergyPerSpin: -1,
      passes: 1,
      repetitions: 3,
      sweeps: 10,
      cpuShare: 0.99,
    } satisfies BenchRow);
  });

  it('of several passes is the median of their medians, with the best and the worst of them', () => {
    const passes = [[2], [4], [8]].map((seconds) => rowOfPass({ ...timings, seconds }));
    expect(mergePasses(passes)).toEqual([
      {
        ...rowOfPass({ ...timings, seconds: [4] }),
        spread: { passBest: 10, passWorst: 2.5, repetitionFastest: 10, repetitionSlowest: 2.5 },
        passes: 3,
      },
    ]);
  });

  it('takes the energy of the passes that measured one, and the worst delay of the event loop', () => {
    const pass = (checkEnergyPerSpin: number | null, loopDelayP99Ms: number): BenchRow =>
      rowOfPass({ ...timings, checkEnergyPerSpin, device: { ...figures, loopDelayP99Ms } });
    const [row] = mergePasses([pass(-1, 3), pass(null, 2), pass(-2, 1)]);
    expect(row?.checkEnergyPerSpin).toBe(-1.5);
    expect(row?.device?.loopDelayP99Ms).toBe(3);
    expect(mergePasses([pass(null, 0)])[0]?.checkEnergyPerSpin).toBeNull();
  });

  it('is one of its own for every variant and number of threads', () => {
    const rows = [timings, { ...timings, threads: 2 }, { ...timings, variant: 'other' }, timings].map(rowOfPass);
    expect(mergePasses(rows).map(({ threads, variant, passes }) => [threads, variant, passes])).toEqual([
      [1, 'plain', 2],
      [2, 'plain', 1],
      [1, 'other', 1],
    ]);
  });

  it('has a median between the middle two of an even count', () => {
    expect([median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([2, 2.5]);
    expect(() => median([])).toThrow(/nothing/);
  });
});
