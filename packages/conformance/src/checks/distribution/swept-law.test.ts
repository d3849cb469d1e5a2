import { expect, test } from 'vitest';
import { FaultyMachine } from '../../faults/faulty-machine.ts';
import { Lab } from '../../lab/lab.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { pointLaw } from '../../oracle/exact-law.ts';
import { machineProfile } from '../../oracle/machine/machine-profile.ts';
import { gridProbe } from '../../probes/graphs.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { stateLawHypothesis } from './state-law.ts';
import { bandHypothesis, productUp, sweptBand, sweptLaw, sweptLawHypothesis } from './swept-law.ts';

const none = { updateProbability: 0, betaRelative: 0, fieldAbsolute: 0 };
const some = { updateProbability: 0.02, betaRelative: 0.05, fieldAbsolute: 0.02 };

async function loadedGrid(changes = {}): Promise<LoadedProbe> {
  const random = new RandomStream(1n, 'swept-law');
  const lab = new Lab(new FaultyMachine({ profile: machineProfile(changes) }), { deadlineMs: 10_000 });
  return lab.loadProbe(gridProbe(2, 3, random), random, { law: 'real' });
}

test('without tolerances the hypothesis is the sharp one, number for number', async () => {
  const loaded = await loadedGrid();
  const states = await loaded.snapshots({ rows: 500, sweeps: 2, random: new RandomStream(2n, 'runs') });
  const random = () => new RandomStream(3n, 'draws');
  const swept = { loaded, start: 'uniform', sweeps: 2 } as const;
  expect(sweptLawHypothesis('x', states, { ...swept, tolerances: none, random: random() })).toEqual(
    stateLawHypothesis('x', states, { law: sweptLaw(loaded, swept), random: random() }),
  );
});

test('no tolerance leaves no width, and any tolerance has the exact law inside', async () => {
  const loaded = await loadedGrid();
  for (const start of [pointLaw(6, 11), 'uniform'] as const) {
    const swept = { start, sweeps: 3, temperatures: [65536, 20_000, 40_000] };
    const law = sweptLaw(loaded, swept);
    const [sharp, wide] = [sweptBand(loaded, swept, none), sweptBand(loaded, swept, some)];
    for (const [state, p] of law.entries()) {
      expect(sharp(pointLaw(6, state)).low).toBeCloseTo(p, 12);
      expect(sharp(pointLaw(6, state)).high).toBeCloseTo(p, 12);
      expect(wide(pointLaw(6, state)).low).toBeLessThan(p);
      expect(wide(pointLaw(6, state)).high).toBeGreaterThan(p);
    }
  }
});

test('coins that the device tosses have the band of an update without field, coins of the host none', async () => {
  const none = { start: 'uniform', sweeps: 0 } as const;
  const up = productUp([2], 6);
  const tossed = sweptBand(await loadedGrid(), none, some)(up);
  expect(tossed.low).toBeCloseTo(0.5 - 0.02 - 0.0105, 4);
  expect(tossed.high).toBeCloseTo(0.5 + 0.02 + 0.0105, 4);
  expect(sweptBand(await loadedGrid({ init: ['given'] }), none, some)(up)).toEqual({ low: 0.5, high: 0.5 });
});

test('p is 1 inside the range, and Bonferroni’s over states and products outside', () => {
  const counts = Float64Array.of(30, 20, 20, 30);
  const always = (range: { low: number; high: number }) => bandHypothesis('x', counts, () => range);
  expect(always({ low: 0, high: 1 })).toMatchObject({ p: 1, n: 100 });
  expect(always({ low: 0.2, high: 0.6 }).p).toBe(1);
  // Of 4 states and 3 products, the product of both spins is the farthest above 0.2: 60 of 100.
  const outside = always({ low: 0, high: 0.2 });
  expect(outside.name).toBe('x (worst of 7: product of spins 0, 1)');
  expect(outside.p).toBeLessThan(1e-12);
  expect(outside.effect?.value).toBeCloseTo(0.4, 12);
});
