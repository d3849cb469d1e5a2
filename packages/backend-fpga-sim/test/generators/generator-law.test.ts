/**
 * Null hypothesis: draws of all lanes are independent and uniform. Statistic: the largest deviation of 1,512 parities of spins (6 blocks, 2 coupling strengths, 2 × 63
 * parities) from their exact means, in exact standard deviations, over 40,000 sweeps of fixed seeds. A generator of independent draws passes 6.2 with probability
 * below 10⁻⁶ (see law-check.ts); biased ones lie at 9 to 400.
 */
import { describe, expect, test } from 'vitest';
import { generatorEntry, generatorKinds } from '../../src/generators/catalogue.ts';
import { laneGenerators } from '../../src/generators/create-lane-generators.ts';
import type { LaneGenerators } from '../../src/generators/lane-generators.ts';
import { deltas, generatorDeviation, lawDeviation, scoreMax, statisticCount } from './law-check.ts';
import { bankSize } from './small-block.ts';

const sweeps = 40_000;

describe.each(generatorKinds)('%s', (kind) => {
  const { verdict } = generatorEntry(kind);
  test(verdict === 'sound' ? 'samples the law of small blocks' : 'does not sample the law of small blocks', () => {
    const score = Math.max(...deltas.map((delta) => generatorDeviation(kind, delta, sweeps).largestScore));
    if (verdict === 'sound') expect(score).toBeLessThan(scoreMax);
    else expect(score).toBeGreaterThan(scoreMax);
  });
});

test('the check itself: draws that are too large by 1/32 of their range fail it', () => {
  const philox = laneGenerators('philox', bankSize);
  const tilted: LaneGenerators = {
    stateWords: 0,
    seed: (key) => philox.seed(key),
    draw: (out, spinIndices, first, sweep) => {
      philox.draw(out, spinIndices, first, sweep);
      out.forEach((draw, lane) => {
        out[lane] = Math.min(65535, draw + 2048);
      });
    },
    save: () => philox.save(),
    restore: (words) => philox.restore(words),
  };
  expect(lawDeviation(tilted, 0.1, sweeps).largestScore).toBeGreaterThan(scoreMax);
});

test('so many statistics pass the limit by chance with less than 10⁻⁶', () => {
  // Mills: the normal tail beyond x is below exp(−x²/2) / (x √(2π)).
  const tail = (2 * Math.exp(-(scoreMax ** 2) / 2)) / (scoreMax * Math.sqrt(2 * Math.PI));
  expect(statisticCount).toBe(1512);
  expect(statisticCount * tail).toBeLessThan(1e-6);
});
