/** Row 48, law: rows of a batch have the law of a single run, wherever they stand in it. */
import { gridWithin, rowsWithin } from '../../lab/coins.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { uniformStart } from '../../lab/uniform-start.ts';
import { patternOf } from '../../oracle/exact-law.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { multinomialP } from '../../statistics/multinomial.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { bandHypothesis, sweptBand, sweptLaw } from '../distribution/swept-law.ts';
import { isSharp } from '../distribution/tolerance-band.ts';

const sweepsWanted = 1;
const batchRows = 16;
/** Holm's rule over four p-values needs 4,000. */
const draws = 9999;

export const batchLaw: StatisticalCheck = {
  plan: {
    id: 'batch.law',
    version: 1,
    row: 48,
    chapter: 'chains',
    title: 'Rows of a batch have the exact law of a single run: all of them, the first, the last.',
    how: 'A 2 × 3 grid, one sweep from a fair random start, last states of batches of 16 images, and of single runs between them.',
    kind: 'statistical',
    statistic:
      'Counts of the 64 states against their exact probabilities, by Monte-Carlo χ²: of all rows, of the first row of every batch, of the last, of the single runs. On devices with tolerances, exact binomial tests of every state and every product of spins against its range over all laws inside the band, Bonferroni.',
    samples:
      'N = L(63)/Λ with L = 105 and m = 4: 512 batches give Λ = 0.013 for all rows and 0.21 for one place (quick), 2,048 and 8,192 batches a quarter and a sixteenth of it. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 512 rows find simultaneous updates on nine grids of ten, 8,192 a lost coupling.',
    resolution: { quick: 'Λ = 0.21 a row', standard: 'Λ = 0.051 a row', certify: 'Λ = 0.013 a row' },
    level: 'quick',
    clauses: ['1.5', '1.6', '2.6', '5.4'],
    needs: ['single-spin', 'images', 'sweeps'],
    kills: ['M03', 'M04', 'M05', 'M07', 'M08', 'M44'],
    blindTo: ['M29', 'M30'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const random = c.random('runs');
    const grid = await lab.loadProbe(gridWithin(c.profile, 2, 3, c.random('grid')), c.random('disguise'));
    const { images } = rowsWithin(c.profile, { images: batchRows, chains: 1 });
    const batches = c.samples(c.byLevel({ quick: 512, standard: 2048, certify: 8192 }));
    const counts = Array.from({ length: 4 }, () => new Float64Array(2 ** grid.spins));
    const [all, first, last, single] = counts as [Float64Array, Float64Array, Float64Array, Float64Array];
    for (let n = 0; n < batches; n++) {
      const patterns = await patternsOf(grid, images, random);
      for (const [row, pattern] of patterns.entries()) {
        count(all, pattern);
        if (row === 0) count(first, pattern);
        if (row === images - 1) count(last, pattern);
      }
      for (const pattern of await patternsOf(grid, 1, random)) count(single, pattern);
    }
    const names = ['all rows of batches', 'the first row of batches', 'the last row of batches', 'single runs'];
    const swept = { start: 'uniform', sweeps: sweepsOf(grid) } as const;
    if (!isSharp(c.tolerances)) {
      const band = sweptBand(grid, swept, c.tolerances);
      return counts.map((observed, n) => bandHypothesis(names[n] as string, observed, band));
    }
    const law = sweptLaw(grid, swept);
    return counts.map((observed, n) => hypothesis(names[n] as string, observed, law, c.random(`draws ${n}`)));
  },
};

function count(counts: Float64Array, pattern: number): void {
  counts[pattern] = (counts[pattern] as number) + 1;
}

async function patternsOf(grid: LoadedProbe, images: number, random: RandomStream): Promise<readonly number[]> {
  const stride = grid.lab.profile.readout.strideMin;
  const run = { images, sweeps: sweepsOf(grid), stride, seed: random.bits64(), keep: 'host' as const };
  const { last = {} } = await grid.run({ ...run, start: uniformStart(grid, images, random) });
  const { values } = grid.fromBanks(last);
  return Array.from({ length: images }, (_, row) => patternOf(values, grid.spins, row * grid.spins));
}

function hypothesis(name: string, counts: Float64Array, law: Float64Array, random: RandomStream): Hypothesis {
  const n = counts.reduce((sum, each) => sum + each, 0);
  const { p } = multinomialP(counts, law, random, draws);
  const table = [...counts].map((observed, pattern) => ({
    label: pattern.toString(2).padStart(Math.log2(counts.length), '0'),
    observed,
    expected: n * (law[pattern] as number),
  }));
  return {
    name,
    p,
    n,
    table,
    suspects: name.startsWith('the')
      ? [['M44', 0.5]]
      : [
          ['M04', 0.3],
          ['M05', 0.3],
        ],
  };
}

/** One, or as many as the device's stride asks for. */
function sweepsOf({ lab }: LoadedProbe): number {
  return Math.max(sweepsWanted, lab.profile.readout.strideMin);
}
