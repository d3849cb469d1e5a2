/**
 * Every p-value under its null hypothesis. H0: at most the share α of p-values is at or below α, for α = 0.05, 0.01, 0.001. Statistic: how many are, one-sided
 * binomial. N: as the table says. A false alarm has 1e-6 for each of the 3 × 18 tests at most.
 */
import { expect, it } from 'vitest';
import { RandomStream } from '../random/random-stream.ts';
import { binomialBandP, binomialTwoSidedP } from './binomial.ts';
import { drawBinomial } from './binomial-draws.ts';
import { chiSquareTail } from './chi-square.ts';
import { anytimeP, bernoulliProxy, dirichletLog, normalMixtureLog } from './e-process.ts';
import { fisherCombinedP, fisherExactP } from './fisher.ts';
import { holmAdjusted } from './holm.ts';
import { linearComplexity, lowComplexityP } from './linear-complexity.ts';
import { residualP } from './martingale.ts';
import { multinomialP } from './multinomial.ts';
import { normalQuantile, normalTwoSidedP } from './normal.ts';
import { energyTestP } from './two-sample.ts';
import { levelP, uniformityP } from './uniformity.ts';

/** One null draw of data, and its p-value. */
type NullDraw = (random: RandomStream) => number;

const normal = (random: RandomStream): number => normalQuantile(random.uniform() || 0.5);

const cellCounts = (n: number, law: readonly number[], random: RandomStream): number[] => {
  const counts = law.map(() => 0);
  for (let i = 0; i < n; i++) {
    let cell = 0;
    for (let u = random.uniform() - (law[0] as number); u >= 0 && cell < law.length - 1; u -= law[cell] as number)
      cell++;
    counts[cell] = (counts[cell] as number) + 1;
  }
  return counts;
};

/** Updates whose probability and weight depend on the spins before: a walk with a memory. */
const residuals =
  (steps: number, probabilities: readonly [number, number], maxWeight: number | undefined): NullDraw =>
  (random) => {
    let [sum, variance, up] = [0, 0, false];
    for (let step = 0; step < steps; step++) {
      const p = probabilities[up ? 1 : 0];
      const weight = up ? 1 : -0.5;
      up = random.chance(p);
      sum += weight * ((up ? 1 : 0) - p);
      variance += weight ** 2 * p * (1 - p);
    }
    return residualP(sum, variance, maxWeight === undefined ? undefined : { maxWeight });
  };

const smallLaw = [0.4, 0.3, 0.15, 0.1, 0.03, 0.015, 0.004, 0.001];

const anytimeDirichlet: NullDraw = (random) => {
  const counts = [0, 0, 0];
  let largest = 0;
  for (let step = 0; step < 200; step++) {
    const [a, b, c] = cellCounts(1, [0.2, 0.3, 0.5], random) as [number, number, number];
    counts[0] = (counts[0] as number) + a;
    counts[1] = (counts[1] as number) + b;
    counts[2] = (counts[2] as number) + c;
    largest = Math.max(largest, dirichletLog(counts, [0.2, 0.3, 0.5], 20));
  }
  return anytimeP(largest);
};

const anytimeNormal: NullDraw = (random) => {
  let [sum, proxy, largest] = [0, 0, 0];
  for (let step = 0; step < 300; step++) {
    const p = step % 2 === 0 ? 0.1 : 0.6;
    sum += (random.chance(p) ? 1 : 0) - p;
    proxy += bernoulliProxy(p);
    largest = Math.max(largest, normalMixtureLog(sum, proxy, 20));
  }
  return anytimeP(largest);
};

const table: readonly (readonly [name: string, draws: number, draw: NullDraw])[] = [
  ['binomialTwoSidedP of 50 trials', 5000, (r) => binomialTwoSidedP(drawBinomial(50, 0.3, r), 50, 0.3)],
  ['binomialTwoSidedP of 10 000', 5000, (r) => binomialTwoSidedP(drawBinomial(10_000, 0.02, r), 10_000, 0.02)],
  ['binomialBandP at the end of its band', 5000, (r) => binomialBandP(drawBinomial(400, 0.52, r), 400, 0.48, 0.52)],
  ['normalTwoSidedP', 5000, (r) => normalTwoSidedP(normal(r))],
  [
    'chiSquareTail of 5 squares',
    5000,
    (r) =>
      chiSquareTail(
        [1, 2, 3, 4, 5].reduce((sum) => sum + normal(r) ** 2, 0),
        5,
      ),
  ],
  ['multinomialP of 200 in 8 cells', 2000, (r) => multinomialP(cellCounts(200, smallLaw, r), smallLaw, r, 9999).p],
  [
    'multinomialP of 12 in 16 cells',
    2000,
    (r) => {
      const law = new Array<number>(16).fill(1 / 16);
      return multinomialP(cellCounts(12, law, r), law, r, 9999).p;
    },
  ],
  ['residualP of 500 updates', 4000, residuals(500, [0.4, 0.7], undefined)],
  ['residualP, guarded, of 500 updates', 4000, residuals(500, [0.4, 0.7], 1)],
  ['residualP, guarded, of 60 lopsided updates', 5000, residuals(60, [0.02, 0.9], 1)],
  [
    'the smallest of 20 after Holm’s correction',
    4000,
    (r) => Math.min(...holmAdjusted(Array.from({ length: 20 }, () => r.uniform()))),
  ],
  ['fisherCombinedP of 6', 5000, (r) => fisherCombinedP(Array.from({ length: 6 }, () => r.uniform()))],
  ['fisherExactP', 5000, (r) => fisherExactP(drawBinomial(60, 0.3, r), 60, drawBinomial(90, 0.3, r), 90)],
  ['uniformityP of 50 values', 4000, (r) => uniformityP(Array.from({ length: 50 }, () => r.uniform())).p],
  [
    'energyTestP of 4 and 5 rows',
    2000,
    (r) => {
      const rows = (n: number): number[] => Array.from({ length: 2 * n }, () => r.uniform());
      return energyTestP({ values: rows(4), width: 2 }, { values: rows(5), width: 2 }, r, 999).p;
    },
  ],
  [
    'lowComplexityP of 24 bits',
    4000,
    (r) => lowComplexityP(linearComplexity(Array.from({ length: 24 }, () => r.word() & 1)), 24),
  ],
  ['anytimeP of a Dirichlet mixture, looked at 200 times', 2000, anytimeDirichlet],
  ['anytimeP of a normal mixture, looked at 300 times', 2000, anytimeNormal],
];

it.each(table)('%s keeps its level in %i null draws', (name, draws, draw) => {
  const random = new RandomStream(2026n, `null/${name}`);
  const values = Array.from({ length: draws }, () => draw(random));
  for (const level of [0.05, 0.01, 0.001]) {
    expect(levelP(values, level), `share at or below ${level}`).toBeGreaterThan(1e-6);
  }
});

it('the test of levels has teeth: p-values a third smaller than they should be are found', () => {
  const random = new RandomStream(2026n, 'null/planted');
  const values = Array.from({ length: 5000 }, () => (random.uniform() * 2) / 3);
  expect(levelP(values, 0.05)).toBeLessThan(1e-6);
});
