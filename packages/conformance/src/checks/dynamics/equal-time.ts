/** dyn.equal-time: neighbours are correlated at one and the same time. */
import { uniformStart } from '../../lab/uniform-start.ts';
import type { Range } from '../../oracle/law-band.ts';
import { gridProbe } from '../../probes/graphs.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import { meanEffect } from '../../statistics/effect.ts';
import { residualP } from '../../statistics/martingale.ts';
import type { StatisticalCheck } from '../check.ts';
import { familyHypothesis, type Member } from '../distribution/family.ts';
import { momentsOf, parametersOf, sampleMeans } from '../distribution/score.ts';
import { productUp, sweptBand, sweptLaw } from '../distribution/swept-law.ts';
import { isSharp } from '../distribution/tolerance-band.ts';

const sweeps = 5;

export const equalTime: StatisticalCheck = {
  plan: {
    id: 'dyn.equal-time',
    version: 1,
    row: 32,
    chapter: 'dynamics',
    title: 'A state shows all spins at the same moment: neighbours are correlated as the law says.',
    how: 'A 3 × 4 grid with random couplings of 0.3 to 0.7, five sweeps after a start of fair coins; the last state of every run.',
    kind: 'statistical',
    statistic:
      'z of ⟨s_i s_j⟩ of every edge against the exact law after five sweeps (enumeration), Bonferroni; the mean of every spin likewise. On devices with tolerances, exact binomial tests against the range over all laws inside the band.',
    samples:
      'States: K(34) / δ² with K = 56 and δ the shift of an edge’s mean; simultaneous updates shift it by 0.1 to 0.5. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 4096 find simultaneous updates and spins in the wrong order, most lost couplings.',
    resolution: {
      quick: 'an edge’s correlation off by 0.12',
      standard: 'an edge’s correlation off by 0.06',
      certify: 'an edge’s correlation off by 0.03',
    },
    level: 'quick',
    clauses: ['1.5', '1.7'],
    needs: ['sweeps', 'single-spin', 'uniform-start', 'snapshots'],
    kills: ['M04', 'M10', 'M22', 'M45'],
    blindTo: ['M01', 'M05', 'M15', 'M20', 'M24'],
    conservative:
      'The guard for few terms makes p up to 1.1 times too large at 1e-3; families of correlated members take m times their least p. Tolerant devices inside their band: without bound.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 4096, standard: 16_384, certify: 65_536 }));
    const random = c.random('grid');
    const loaded = await lab.loadProbe(gridProbe(3, 4, random.fork('edges')), random);
    const start = uniformStart(loaded, rows, random.fork('start'));
    const states = await loaded.snapshots({ rows, sweeps, start, random: random.fork('runs') });
    const parameters = parametersOf(loaded.probe);
    const swept = { start: 'uniform', sweeps } as const;
    const { mean } = momentsOf(parameters, sweptLaw(loaded, swept));
    const band = isSharp(c.tolerances) ? undefined : sweptBand(loaded, swept, c.tolerances);
    const observed = sampleMeans(parameters, states);
    const members = parameters.map(({ name, spins }, k): Member => {
      const expected = mean[k] as number;
      const actual = observed[k] as number;
      const variance = 1 - expected ** 2;
      return {
        name: name.replace(/^[hJ] of /, ''),
        p:
          band === undefined
            ? // As residuals of trials with p = (1 + expected) / 2: half the deviation, a quarter of the variance.
              residualP((rows * (actual - expected)) / 2, (rows * variance) / 4, { maxWeight: 1 })
            : inBandP((rows * (1 + actual)) / 2, rows, band(productUp(spins, loaded.spins))),
        observed: actual,
        expected,
        effect: meanEffect({
          name,
          unit: 'mean',
          mean: actual,
          expected,
          standardError: Math.sqrt(variance / rows),
        }),
      };
    });
    const isEdge = (_: Member, k: number): boolean => parameters[k]?.spins.length === 2;
    return [
      familyHypothesis('correlations of neighbours', rows, members.filter(isEdge)),
      familyHypothesis(
        'means',
        rows,
        members.filter((member, k) => !isEdge(member, k)),
      ),
    ];
  },
};

const inBandP = (ups: number, rows: number, { low, high }: Range): number =>
  binomialBandP(Math.round(ups), rows, low, high);
