/**
 * Residuals of single updates on a machine that is right. H0: at most the share α of family p-values is at or below α. Statistic: how many are, one-sided
 * binomial; members of a stage are not independent, so that each of the 24 stages counts once, by the least adjusted p-value. False alarms: 1e-6.
 */
import { describe, expect, test } from 'vitest';
import { FaultyMachine } from '../../faults/faulty-machine.ts';
import { Lab } from '../../lab/lab.ts';
import { gridProbe } from '../../probes/graphs.ts';
import { RandomStream } from '../../random/random-stream.ts';
import { binomialUpperTail } from '../../statistics/binomial.ts';
import { holmAdjusted } from '../../statistics/holm.ts';
import { consecutiveStates } from './consecutive-states.ts';
import { residualHypotheses } from './residual-families.ts';
import { admittedBand } from './tolerance-band.ts';
import { UpdateResiduals } from './update-residuals.ts';
import { UpdateTable } from './update-table.ts';

const sharp = { updateProbability: 0, betaRelative: 0, fieldAbsolute: 0 };

async function loadedGrid(seed: bigint) {
  const lab = new Lab(new FaultyMachine(), { deadlineMs: 10_000 });
  const random = new RandomStream(seed, 'residuals');
  return { random, loaded: await lab.loadProbe(gridProbe(5, 5, random.fork('grid')), random, { law: 'fixed' }) };
}

test('the table has the law of every spin and pattern', async () => {
  const { loaded, random } = await loadedGrid(1n);
  const table = new UpdateTable(loaded);
  const law = loaded.law();
  for (let n = 0; n < 50; n++) {
    const states = Int8Array.from({ length: 25 }, () => random.sign());
    for (let spin = 0; spin < 25; spin++) {
      const cell = table.cellOf(spin, states, 0);
      expect(table.p[cell]).toBe(law.up(spin, states));
      expect(1 / (1 + Math.exp(-2 * (table.field[cell] as number)))).toBeCloseTo(table.p[cell] as number, 2);
    }
  }
});

test('stages on a right machine are rejected no more often than they may be', { timeout: 60_000 }, async () => {
  const adjusted: number[] = [];
  for (let seed = 100n; seed < 124n; seed++) {
    const { loaded, random } = await loadedGrid(seed);
    const residuals = new UpdateResiduals(new UpdateTable(loaded));
    for await (const states of consecutiveStates(loaded, 'trace', { updates: 25 * 512, random }))
      residuals.addHistory(states);
    const hypotheses = residualHypotheses(residuals, { loaded, tolerances: sharp, label: 'right' });
    expect(hypotheses).toHaveLength(11);
    adjusted.push(Math.min(...holmAdjusted(hypotheses.map(({ p }) => p))));
  }
  for (const alpha of [0.05, 0.001]) {
    const found = adjusted.filter((p) => p <= alpha).length;
    expect(binomialUpperTail(found, adjusted.length, alpha), `${found} of 24 below ${alpha}`).toBeGreaterThan(1e-6);
  }
});

describe('tolerances', () => {
  test('the band of an update has room for all that is claimed, and no more', () => {
    expect(admittedBand({ p: 0.5, f: 0 }, sharp)).toEqual({ low: 0.5, high: 0.5 });
    const { low, high } = admittedBand({ p: 0.5, f: 0 }, { ...sharp, updateProbability: 0.02 });
    expect([low, high]).toEqual([0.48, 0.52]);
    const warm = admittedBand({ p: 1 / (1 + Math.exp(-2)), f: 1 }, { ...sharp, betaRelative: 0.1 });
    expect(warm.high).toBeCloseTo(1 / (1 + Math.exp(-2.2)), 12);
    expect(warm.low).toBeCloseTo(1 / (1 + Math.exp(-1.8)), 12);
  });

  test('a device that is off by half its claim passes, and one that is off by three times its claim does not', async () => {
    for (const { by, rejected } of [
      { by: 0.01, rejected: false },
      { by: 0.06, rejected: true },
    ]) {
      const fault = { kind: 'activation', change: 'bias', by } as const;
      const lab = new Lab(new FaultyMachine({ faults: [fault] }), { deadlineMs: 10_000 });
      const random = new RandomStream(9n, `bias ${by}`);
      const loaded = await lab.loadProbe(gridProbe(5, 5, random.fork('grid')), random, { law: 'fixed' });
      const residuals = new UpdateResiduals(new UpdateTable(loaded));
      for await (const states of consecutiveStates(loaded, 'trace', { updates: 25 * 4096, random }))
        residuals.addHistory(states);
      const tolerances = { ...sharp, updateProbability: 0.02 };
      const p = holmAdjusted(residualHypotheses(residuals, { loaded, tolerances, label: '' }).map((each) => each.p));
      expect(Math.min(...p) <= 1e-3).toBe(rejected);
    }
  });
});
