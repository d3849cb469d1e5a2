import { expect, it } from 'vitest';
import { rowOfPass } from '../src/rows/bench-row.ts';
import { performanceTables } from './performance-tables.ts';

const workload = { name: 'W1', updatesPerSweep: 1e6, synapticOperationsPerSweep: 1e9 };
const pass = { workload, threads: 1, sweeps: 1, checkEnergyPerSpin: -0.42, cpuShare: 1 };
const peer = (implementation: string, seconds: number, samples = true) =>
  rowOfPass({ ...pass, implementation, variant: 'f32', seconds: [seconds], samples });
const device: NonNullable<ReturnType<typeof rowOfPass>['device']> = {
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
  uncoupledNsPerUpdate: null,
  kernelShare: null,
  philoxNsPerUpdate: null,
};
const ours = rowOfPass({ ...pass, implementation: 'cpu', variant: 'relaxed', seconds: [0.01], device });

const text = performanceTables({
  startedAt: '2026-11-22T10:00:00Z',
  command: ['--peers', '--out', 'somewhere.json', '--repeat', '5'],
  machine: { processor: 'Some CPU', threads: 2, memoryBytes: 2 ** 34, system: 'linux 6', node: 'v24', commit: 'abc' },
  rows: [ours, peer('fast 1.0', 0.02), peer('slow 1.0', 0.1), peer('yardstick 1.0', 0.001, false)],
});

it('the ratio is against the best peer that samples, with both energies', () => {
  expect(text).toContain(
    '| W1 | 1 | relaxed | 100 | fast 1.0, f32 | 50.0 | **2.00** | 2.00 – 2.00 | -0.42000 | -0.42000 |',
  );
  expect(text).toContain('1 thread: fast 1.0 2.00×, slow 1.0 10.0×');
});

it('says machine, date, commit and command, and lists yardsticks without updates', () => {
  expect(text).toContain('Measured 2026-11-22 on Some CPU, 2 threads, 16 GiB, linux 6, Node v24');
  expect(text).toContain('commit abc, by `pnpm --silent bench --peers --repeat 5`.');
  expect(text).toContain('| W1 | yardstick 1.0 | f32 | 1 | 1000 | 1000, 1000 | – |');
});
