import type { DeviceProfile, RunReport } from '@isinglass/sdk';
import { testProfile } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { costSummary, formatCost } from './cost-summary.ts';

const profile: DeviceProfile = {
  ...testProfile(),
  timing: { clockHz: 1e6, sweepNs: null, updateNs: null },
  energy: {
    joulesPerUpdate: 1e-9,
    joulesPerSynapticOperation: 2e-12,
    joulesPerBitRead: 0,
    joulesPerBitWritten: 0,
    joulesPerMemoryBit: 0,
    staticWatts: 0.5,
  },
  evidence: [{ path: 'energy.joulesPerUpdate', source: 'a meter', grade: 'measured' }],
};

const report = (counters: RunReport['counters']): RunReport => ({
  outputs: {},
  sums: {},
  images: 3,
  blocks: [],
  sweeps: 10,
  updates: 1000,
  synapticOperations: 50_000,
  counters,
  seconds: 9,
});

test('cycles add up, seconds are those of the device, joules are the sum of their terms', () => {
  const counters = { cycles: { mac: 300, sample: 200 }, deviceNs: 500_000, bytesIn: 8, bytesOut: 4, saturations: 0 };
  const cost = costSummary(report(counters), profile);
  expect(cost).toMatchObject({ cycles: { total: 500 }, seconds: 5e-4, bytesIn: 8, bytesOut: 4, lacking: [] });
  expect(cost.joules).toBeCloseTo(1000e-9 + 50_000 * 2e-12 + 0.5 * 5e-4, 15);
  expect(formatCost(cost)).toMatch(/^ +mac +300 \(60\.0 %\)$/m);
});

test('memory traffic, work and the use of adders; what a device does not count is null, not 0', () => {
  const cost = costSummary(report({ cycles: { mac: 100 }, memoryBits: 640, synapticOperationsMax: 200_000 }), profile);
  expect(cost).toMatchObject({ memoryBits: 640, updates: 1000, synapticOperations: 50_000, utilisation: 0.25 });
  expect(formatCost(cost)).toMatch(/^adders in use +25\.00 %$/m);
  expect(formatCost(cost)).toMatch(/^memory bits +640$/m);
  const silent = costSummary(report({}), profile);
  expect(silent).toMatchObject({ memoryBits: null, utilisation: null, bytesOut: null, saturations: null });
  expect(formatCost(silent)).not.toMatch(/adders|memory bits|saturations/);
});

test('what nobody states is unstated, and named', () => {
  const silent = { ...profile, energy: { ...profile.energy, joulesPerUpdate: null } };
  const cost = costSummary(report({}), silent);
  expect(cost).toMatchObject({ cycles: null, seconds: 'unstated', joules: 'unstated', bytesIn: null });
  expect(cost.lacking).toContain('energy.joulesPerUpdate');
  expect(formatCost(cost)).toMatch(/joules +unstated/);
});
