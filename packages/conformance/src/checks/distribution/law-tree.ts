/** law.tree: larger programs that are solved exactly. */

import type { SpinRows } from '../../lab/probe-view.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import type { Probe } from '../../probes/probe.ts';
import { meanEffect } from '../../statistics/effect.ts';
import { residualP } from '../../statistics/martingale.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { familyHypothesis, type Member } from './family.ts';
import { spinsWithin } from './probe-size.ts';
import { dyadicScale, mixedSweeps, type StripMeans, stripMeans, stripProbe } from './solvable-strip.ts';

/** What sweeps leave of the start, in total variation. */
const mixedWithin = 1e-5;

export const lawTree: StatisticalCheck = {
  plan: {
    id: 'law.tree',
    version: 1,
    row: 24,
    chapter: 'distribution',
    title: 'At equilibrium, means and neighbour correlations of a larger program are the exact ones.',
    how: 'A strip of 2 × 24 spins with an eighth of its edges left out, with couplings up to 0.32 and fields to 0.4 that the fixed law does not round. States after as many sweeps as Dobrushin’s bound asks for to be within 1e-5 of equilibrium.',
    kind: 'statistical',
    statistic:
      'z of every mean and of every edge’s correlation against transfer matrices; Bonferroni inside both families.',
    samples:
      'Shifts of δ standard deviations per state are found with n = K(m) / δ², K = 58 for the 112 spins and edges.',
    resolution: {
      quick: 'a mean or correlation off by 0.086',
      standard: 'a mean or correlation off by 0.03',
      certify: 'a mean or correlation off by 0.012',
    },
    level: 'quick',
    clauses: ['1.2', '1.3', '3.6'],
    needs: ['single-spin', 'snapshots', 'sharp-law'],
    kills: ['M04', 'M09', 'M10', 'M11', 'M12', 'M13', 'M45'],
    blindTo: ['M05', 'M18', 'M20', 'M24'],
    conservative:
      'The guard for few terms makes p up to 1.1 times too large at 1e-3; families of correlated members take m times their least p.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 8192, standard: 65_536, certify: 393_216 }));
    const random = c.random('strip');
    const dyadic = dyadicScale(lab.profile);
    const loaded = await lab.loadProbe(
      stripProbe(Math.max(1, Math.floor(spinsWithin(lab.profile, 48) / 2)), dyadic, random.fork('edges')),
      random,
      {
        fractionBits: dyadic.fractionBits,
      },
    );
    const states = await loaded.snapshots({
      rows,
      sweeps: mixedSweeps(loaded.probe, mixedWithin) * (lab.profile.dynamics.kind === 'asynchronous' ? 4 : 1),
      start: anyStart(loaded, rows),
      random: random.fork('runs'),
    });
    return stripHypotheses(states, loaded.probe);
  },
};

function stripHypotheses({ values, rows, spins }: SpinRows, probe: Probe): readonly Hypothesis[] {
  const exact: StripMeans = stripMeans(probe);
  const member = (name: string, expected: number, at: (offset: number) => number): Member => {
    let sum = 0;
    for (let offset = 0; offset < values.length; offset += spins) sum += at(offset);
    const variance = 1 - expected ** 2;
    return {
      name,
      // As residuals of trials with p = (1 + expected) / 2: half the deviation, a quarter of the variance.
      p: residualP((sum - rows * expected) / 2, (rows * variance) / 4, { maxWeight: 1 }),
      observed: sum / rows,
      expected,
      effect: meanEffect({ name, unit: 'mean', mean: sum / rows, expected, standardError: Math.sqrt(variance / rows) }),
    };
  };
  const means = [...exact.means].map((mean, spin) =>
    member(`spin ${spin}`, mean, (offset) => values[offset + spin] as number),
  );
  const products = probe.edges.map(({ a, b }, n) =>
    member(
      `spins ${a} and ${b}`,
      exact.products[n] as number,
      (offset) => (values[offset + a] as number) * (values[offset + b] as number),
    ),
  );
  return [familyHypothesis('means', rows, means), familyHypothesis('correlations of neighbours', rows, products)];
}
