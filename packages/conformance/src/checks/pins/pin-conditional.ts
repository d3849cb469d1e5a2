import { spinsOfPattern } from '../../oracle/exact-law.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { sweptLawHypothesis } from '../distribution/swept-law.ts';
import { uniformSnapshots } from '../exact-cells.ts';

const pinned = 4;

/** What pins do to the law of the free spins. */
export const pinConditional: StatisticalCheck = {
  plan: {
    id: 'pin.conditional',
    version: 1,
    row: 17,
    chapter: 'pins',
    title: 'Given the pins, the free spins have the exact conditional law, for all patterns of four pins.',
    how: 'A 2×2 grid with four pinned neighbours; states after 2 sweeps from uniform ones; all 16 patterns in random order as images of common runs.',
    kind: 'statistical',
    statistic:
      'Monte-Carlo p of Pearson’s χ² of the 16 states against the exact law, for each pattern; Holm over patterns. On devices with tolerances, exact binomial tests of every state and every product of spins against its range over all laws inside the band, Bonferroni.',
    samples:
      '512 states of each pattern (2048 at standard, 8192 at certify): L(15)/Λ. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 512 find the pins of another image, and pins whose fields act.',
    resolution: {
      quick: 'Λ = 0.16 per state in one pattern: exchanged pins have about 1',
      standard: 'Λ = 0.04',
      certify: 'Λ = 0.01',
    },
    level: 'quick',
    clauses: ['1.4', '2.6', '3.6'],
    needs: ['sweeps', 'single-spin', 'pins', 'snapshots'],
    kills: ['M35', 'M36'],
    blindTo: ['M24', 'M34'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('grid');
    const lab = await c.open();
    const loaded = await lab.loadProbe(pinnedGrid(random), random);
    const sweeps = Math.max(2, c.profile.readout.strideMin);
    const each = c.samples(c.byLevel({ quick: 512, standard: 2048, certify: 8192 }));
    const patterns = random.shuffled(Array.from({ length: 16 * each }, (_, n) => n % 16));
    const pins = new Int8Array(patterns.length * pinned);
    for (const [row, pattern] of patterns.entries()) pins.set(spinsOfPattern(pattern, pinned), row * pinned);
    const { values, spins } = await uniformSnapshots(loaded, { rows: patterns.length, sweeps, random, pinned: pins });
    return Array.from({ length: 16 }, (_, pattern) => {
      const rows = [...patterns.keys()].filter((row) => patterns[row] === pattern);
      const own = new Int8Array(rows.length * spins);
      for (const [n, row] of rows.entries()) own.set(values.subarray(row * spins, (row + 1) * spins), n * spins);
      const pattern4 = spinsOfPattern(pattern, pinned);
      const name = `pins ${Array.from(pattern4, (value) => (value > 0 ? '+' : '−')).join('')}`;
      const swept = { loaded, start: 'uniform', sweeps, pinned: pattern4, tolerances: c.tolerances, random } as const;
      return sweptLawHypothesis(name, { rows: rows.length, spins, values: own }, swept);
    });
  },
};

/** Every free spin with a pinned neighbour, two of them with a second one; pinned spins with fields, which must not act. */
function pinnedGrid(random: RandomStream): Probe {
  const weight = (): number => random.sign() * random.integer(8, 18);
  return {
    ...gridProbe(2, 2, random),
    name: 'grid 2 × 2 with four pins',
    pinned,
    pinnedEdges: [0, 1, 2, 3]
      .map((n) => ({ free: n, pinned: n, w: weight() }))
      .concat([0, 3].map((n) => ({ free: n, pinned: 3 - n, w: weight() }))),
    pinnedFields: [0, 1, 2, 3].map(() => random.sign() * (1 + random.uniform())),
  };
}
