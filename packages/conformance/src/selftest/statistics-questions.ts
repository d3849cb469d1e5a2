/** Questions about the p-values. Reference values: mpmath 1.3. */
import type { RandomStream } from '../random/random-stream.ts';
import { drawBinomial, drawMultinomial } from '../statistics/binomial-draws.ts';
import { levelP } from '../statistics/uniformity.ts';
import type { Pieces } from './pieces.ts';
import { outside, type SelftestQuestion } from './selftest-item.ts';

/** Null draws of each p-value, and of those by Monte Carlo. */
const nullDraws = 4000;
const slowNullDraws = 1000;

export function statisticsQuestions(pieces: Pieces, random: RandomStream): readonly SelftestQuestion[] {
  const { binomialTwoSidedP, multinomialP, residualP, chiSquareTail, holmAdjusted } = pieces;
  const quarter = [0.25, 0.25, 0.25, 0.25];
  const eighth = new Array<number>(8).fill(1 / 8);
  return [
    {
      name: 'statistics.tails',
      what: 'tails of χ², binomial and residual sums have the values of the literature, in both directions',
      ask: () =>
        outside([
          ['P(χ²₁ ≥ 10.8276)', chiSquareTail(10.8276, 1), 0.000999, 0.001001],
          ['P(χ²₆₃ ≥ 100)', chiSquareTail(100, 63), 0.00207, 0.00208],
          ['P(χ²₃ ≥ 0)', chiSquareTail(0, 3), 1, 1],
          ['700 of 1000 at ½', binomialTwoSidedP(700, 1000, 0.5), 1.76e-37, 1.77e-37],
          ['300 of 1000 at ½', binomialTwoSidedP(300, 1000, 0.5), 1.76e-37, 1.77e-37],
          ['500 of 1000 at ½', binomialTwoSidedP(500, 1000, 0.5), 1, 1],
          ['a residual sum of 3.29 σ', residualP(3.2905, 1), 0.000999, 0.001002],
          ['a residual sum of −3.29 σ', residualP(-3.2905, 1), 0.000999, 0.001002],
          ['a residual sum of 0', residualP(0, 1), 1, 1],
        ]),
    },
    {
      name: 'statistics.degrees',
      // χ² = 11.518: p is 0.0092 with three degrees of freedom, 0.0032 with two, 0.0213 with four. 50 exceedances: ±14 %.
      what: 'the test of counts in d + 1 cells has d degrees of freedom',
      ask: () => {
        const { p, statistic } = multinomialP([1070, 1032, 963, 935], quarter, random.fork('degrees'));
        return outside([
          ['statistic', statistic, 11.517, 11.519],
          ['p', p, 0.0045, 0.0165],
        ]);
      },
    },
    {
      name: 'statistics.empty-cells',
      what: 'a cell that never comes counts against the device, one that cannot come counts decisively',
      ask: () =>
        outside([
          [
            'a state of 1/8 never seen in 800',
            multinomialP([115, 114, 114, 115, 114, 114, 114, 0], eighth, random.fork('a')).p,
            0,
            1e-6,
          ],
          [
            'half of all states never seen',
            multinomialP([200, 200, 200, 200, 0, 0, 0, 0], eighth, random.fork('b')).p,
            0,
            1e-6,
          ],
          [
            'expected counts',
            multinomialP([100, 100, 100, 100, 100, 100, 100, 100], eighth, random.fork('c')).p,
            0.99,
            1,
          ],
          ['an impossible state', multinomialP([7, 1], [1, 0], random.fork('d')).p, 0, 0],
        ]),
    },
    {
      name: 'statistics.level',
      what: `p-values keep their level: ${nullDraws} null draws each, ${slowNullDraws} by Monte Carlo, one-sided binomial test at 1e-6 below 0.05 and 0.01`,
      ask: () => nullProblems(pieces, random.fork('level')),
    },
    {
      name: 'statistics.power',
      what: 'small p-values where the law is missed by more than the resolution',
      ask: () =>
        outside([
          ['0.55 instead of ½, 4072 samples', binomialTwoSidedP(2240, 4072, 0.5), 0, 1e-6],
          ['residuals of 6.4 σ', residualP(640, 10_000, { maxWeight: 1 }), 0, 1e-6],
          ['a law off by 0.05', multinomialP([1200, 1000, 1000, 800], quarter, random.fork('off')).p, 0, 1e-4],
        ]),
    },
    {
      name: 'statistics.holm',
      what: 'Holm’s rule multiplies the smallest of m p-values by m, the next by m − 1',
      ask: () => {
        const [a = Number.NaN, b = Number.NaN, c = Number.NaN] = holmAdjusted([0.04, 0.01, 0.02]);
        return outside([
          ['largest', a, 0.0399, 0.0401],
          ['smallest', b, 0.0299, 0.0301],
          ['middle', c, 0.0399, 0.0401],
        ]);
      },
    },
    {
      name: 'statistics.samples',
      what: 'sample sizes follow from K(1) = 41, K(330) = 60, L(10) = 62, L(63) = 105',
      ask: () =>
        outside([
          ['K(1)', pieces.shiftConstant(1), 40.5, 41.5],
          ['K(330)', pieces.shiftConstant(330), 59.5, 60.5],
          ['L(10)', pieces.noncentralityConstant(10), 61, 62.5],
          ['L(63)', pieces.noncentralityConstant(63), 104, 105.5],
        ]),
    },
  ];
}

function nullProblems(pieces: Pieces, random: RandomStream): string[] {
  const law = [0.4, 0.3, 0.15, 0.1, 0.05];
  const shares = Float64Array.from(law, (p, n) => p / law.slice(n).reduce((sum, each) => sum + each, 0));
  const counts = new Int32Array(law.length);
  const draws: Readonly<Record<string, () => number>> = {
    binomialTwoSidedP: () => pieces.binomialTwoSidedP(drawBinomial(500, 0.3, random), 500, 0.3),
    multinomialP: () => {
      drawMultinomial(200, shares, random, counts);
      return pieces.multinomialP(counts, law, random, 9999).p;
    },
    residualP: () => {
      const residual = drawBinomial(500, 0.3, random) - 150;
      return pieces.residualP(residual, 105, { maxWeight: 1 });
    },
    'the smallest of 10 by holmAdjusted': () =>
      Math.min(...pieces.holmAdjusted(Array.from({ length: 10 }, () => random.uniform()))),
  };
  return Object.entries(draws).flatMap(([name, draw]) => {
    const values = Array.from({ length: name === 'multinomialP' ? slowNullDraws : nullDraws }, draw);
    return [0.05, 0.01]
      .filter((level) => levelP(values, level) <= 1e-6)
      .map((level) => `${name}: more than the share ${level} of null p-values is at or below it`);
  });
}
