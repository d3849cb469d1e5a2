import { expect, test } from 'vitest';
import { testProfile } from '../testing/test-profile.ts';
import { runCost, weakestGrade } from './run-cost.ts';

const evidence = [
  { path: 'timing.clockHz', source: 'data sheet', grade: 'published' },
  { path: 'energy.joulesPerUpdate', source: 'meter', grade: 'measured' },
  { path: 'energy.joulesPerSynapticOperation', source: 'quotient', grade: 'derived' },
] as const;
const metered = testProfile({
  timing: { clockHz: 1e6 },
  energy: {
    joulesPerUpdate: 2,
    joulesPerSynapticOperation: 3,
    joulesPerBitRead: 0.5,
    joulesPerBitWritten: 0.25,
    joulesPerMemoryBit: 0,
    staticWatts: 10,
  },
  evidence,
});
const run = {
  work: { updates: 7, synapticOperations: 11 },
  rowSweeps: 4,
  counters: { cycles: { mac: 600, io: 400 }, bytesIn: 4, bytesOut: 2 },
} as const;

test('every term is its number times its count, and joules are their sum', () => {
  const cost = runCost(metered, run);
  expect(cost.cycles).toEqual({ total: 1000, byCause: { mac: 600, io: 400 } });
  expect(cost.seconds).toBe(1e-3);
  expect(cost.joulesByTerm).toEqual({
    update: 14,
    synapticOperation: 33,
    read: 8,
    write: 8,
    memory: 0,
    static: 0.01,
  });
  expect(cost.joules).toBeCloseTo(63.01, 12);
  expect(cost.lacking).toEqual([]);
});

test('the grade is the weakest of the numbers used; one without evidence is unconfirmed', () => {
  expect(runCost(metered, run).grade).toBe('unconfirmed');
  const bare = testProfile({ ...metered, energy: { ...metered.energy, joulesPerBitRead: null, staticWatts: null } });
  const cost = runCost(bare, { ...run, counters: { cycles: { mac: 1 } } });
  expect(cost.evidence.filter(({ path }) => path !== 'energy.joulesPerMemoryBit')).toEqual(evidence);
  expect(weakestGrade(['exact', 'derived', 'measured'])).toBe('derived');
  expect(weakestGrade([])).toBeNull();
});

test('what nobody states makes the sum unstated, never 0, and is named; stated terms stay', () => {
  const cost = runCost(testProfile({ ...metered, energy: { ...metered.energy, staticWatts: null } }), run);
  expect(cost.joules).toBe('unstated');
  expect(cost.joulesByTerm.static).toBe('unstated');
  expect(cost.joulesByTerm.update).toBe(14);
  expect(cost.lacking).toEqual(['energy.staticWatts']);
  expect(runCost(testProfile(), run)).toMatchObject({ seconds: 'unstated', joules: 'unstated', grade: null });
});

test('a counter that the device does not keep makes a term unstated, unless the term is contained in another', () => {
  const { bytesOut: _, ...counters } = run.counters;
  const cost = runCost(metered, { ...run, counters });
  expect(cost.lacking).toEqual(['counters.bytesOut']);
  expect(cost.joulesByTerm).toMatchObject({ read: 'unstated', memory: 0 });
});

test('what did not happen costs nothing', () => {
  const profile = testProfile({ ...metered, energy: { ...metered.energy, joulesPerBitRead: null } });
  expect(runCost(profile, { ...run, counters: { ...run.counters, bytesOut: 0 } }).joulesByTerm.read).toBe(0);
});

test('time is the device’s own, else of its cycles, else of sweeps, else of updates', () => {
  const seconds = (timing: object, counters: object): unknown =>
    runCost(testProfile({ timing }), { ...run, counters }).seconds;
  const all = { clockHz: 1e6, sweepNs: 50, updateNs: 20 };
  expect(seconds(all, { deviceNs: 5, cycles: { mac: 1000 } })).toBe(5e-9);
  expect(seconds(all, { cycles: { mac: 1000 } })).toBe(1e-3);
  expect(seconds(all, {})).toBeCloseTo(200e-9, 15);
  expect(seconds({ updateNs: 20 }, {})).toBeCloseTo(140e-9, 15);
  expect(seconds({ clockHz: 1e6 }, {})).toBe('unstated');
});
