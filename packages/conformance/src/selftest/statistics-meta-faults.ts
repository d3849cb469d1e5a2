/** Faults of p-values, sample sizes and the oracle. */
import { LoadedProbe } from '../lab/loaded-probe.ts';
import { pearson } from '../statistics/multinomial.ts';
import type { MetaFault } from './meta-fault.ts';
import type { Pieces } from './pieces.ts';

/** Pearson's statistic under the χ² law with `degrees`. */
function asymptoticP(
  { chiSquareTail }: Pieces,
  { counts, law, degrees }: { counts: readonly number[]; law: readonly number[]; degrees: number },
): { p: number; statistic: number } {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const statistic = pearson(counts, law, n);
  return { p: chiSquareTail(statistic, Math.max(1, degrees)), statistic };
}

/** Counts and probabilities of the cells that have counts. */
function seenCells(counts: ArrayLike<number>, law: ArrayLike<number>): { counts: number[]; law: number[] } {
  const seen = Array.from(counts, (count, n) => ({ count, p: law[n] as number })).filter(({ count }) => count > 0);
  return { counts: seen.map(({ count }) => count), law: seen.map(({ p }) => p) };
}

export const statisticsMetaFaults: readonly MetaFault[] = [
  {
    name: 'the χ² tail has a degree of freedom too many',
    kind: 'wrong degrees of freedom',
    caughtBy: ['statistics.tails'],
    plant: (pieces) => ({ ...pieces, chiSquareTail: (x, degrees) => pieces.chiSquareTail(x, degrees + 1) }),
  },
  ...[0, -2].map(
    (extra): MetaFault => ({
      name: `the test of d cells has d ${extra === 0 ? '' : '− 2 '}degrees of freedom`,
      kind: 'wrong degrees of freedom',
      caughtBy: ['statistics.degrees'],
      plant: (pieces) => ({
        ...pieces,
        multinomialP: (counts, law) =>
          asymptoticP(pieces, { counts: Array.from(counts), law: Array.from(law), degrees: counts.length + extra }),
      }),
    }),
  ),
  {
    name: 'sample sizes are those of two degrees fewer',
    kind: 'wrong degrees of freedom',
    caughtBy: ['statistics.samples'],
    plant: (pieces) => ({
      ...pieces,
      noncentralityConstant: (degrees, hypotheses) =>
        pieces.noncentralityConstant(Math.max(1, degrees - 2), hypotheses),
    }),
  },
  {
    name: 'cells without counts are dropped',
    kind: 'dropped cells',
    caughtBy: ['statistics.empty-cells'],
    plant: (pieces) => ({
      ...pieces,
      multinomialP(counts, law) {
        const seen = seenCells(counts, law);
        return asymptoticP(pieces, { ...seen, degrees: seen.counts.length - 1 });
      },
    }),
  },
  {
    name: 'cells without counts are dropped and the rest is rescaled',
    kind: 'dropped cells',
    caughtBy: ['statistics.empty-cells'],
    plant: (pieces) => ({
      ...pieces,
      multinomialP(counts, law, random, draws) {
        const seen = seenCells(counts, law);
        const total = seen.law.reduce((sum, p) => sum + p, 0);
        const rescaled = seen.law.map((p) => p / total);
        return pieces.multinomialP(seen.counts, rescaled, random, draws);
      },
    }),
  },
  ...(['binomialTwoSidedP', 'residualP'] as const).map(
    (name): MetaFault => ({
      name: `${name} is always ½`,
      kind: 'always passes',
      caughtBy: ['statistics.power', 'runner.faults'],
      plant: (pieces) => ({ ...pieces, [name]: () => 0.5 }),
    }),
  ),
  {
    name: 'multinomialP is always ½',
    kind: 'always passes',
    caughtBy: ['statistics.power', 'runner.faults'],
    plant: (pieces) => ({ ...pieces, multinomialP: () => ({ p: 0.5, statistic: 1 }) }),
  },
  {
    name: 'binomialTwoSidedP compares the wrong way round',
    kind: 'inverted comparison',
    caughtBy: ['statistics.tails', 'runner.faults'],
    plant: (pieces) => ({ ...pieces, binomialTwoSidedP: (k, n, p) => 1 - pieces.binomialTwoSidedP(k, n, p) }),
  },
  {
    name: 'p-values are half of what they should be',
    kind: 'wrong p-value',
    caughtBy: ['statistics.tails', 'statistics.level'],
    plant: (pieces) => ({ ...pieces, binomialTwoSidedP: (k, n, p) => pieces.binomialTwoSidedP(k, n, p) / 2 }),
  },
  {
    name: 'one tail only is tested',
    kind: 'wrong p-value',
    caughtBy: ['statistics.tails'],
    plant: (pieces) => ({
      ...pieces,
      residualP: (sum, variance, extra) => (sum < 0 ? 1 : pieces.residualP(sum, variance, extra)),
    }),
  },
  {
    name: 'hypotheses are not corrected for their number',
    kind: 'wrong p-value',
    caughtBy: ['statistics.holm', 'statistics.level'],
    plant: (pieces) => ({ ...pieces, holmAdjusted: (p) => [...p] }),
  },
  {
    name: 'the oracle takes the program from the device',
    kind: 'shared oracle',
    caughtBy: ['oracle.independent'],
    plant: (pieces) => ({
      ...pieces,
      async lawOf(asked) {
        const program = (await asked.loaded.effective?.()) ?? asked.program;
        const { lab, probe, disguise, loaded } = asked;
        return pieces.lawOf(new LoadedProbe({ lab, probe, disguise, loaded, program }));
      },
    }),
  },
  {
    name: 'the oracle lacks a factor of 2, as a device of the same makers would',
    kind: 'shared oracle',
    caughtBy: ['oracle.values'],
    plant: (pieces) => ({
      ...pieces,
      async lawOf(loaded) {
        const law = await pieces.lawOf(loaded);
        const halved = (p: number): number => 1 / (1 + Math.sqrt((1 - p) / p));
        return { ...law, up: (spin, states, offset, b) => halved(law.up(spin, states, offset, b)) };
      },
    }),
  },
];
