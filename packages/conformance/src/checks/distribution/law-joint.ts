/** law.joint: all states of a small probe. */
import { anyStart } from '../../lab/uniform-start.ts';
import { stationaryLaw } from '../../oracle/exact-law.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { settledSweeps, stateLawHypothesis } from './state-law.ts';

export const lawJoint: StatisticalCheck = {
  plan: {
    id: 'law.joint',
    version: 1,
    row: 21,
    chapter: 'distribution',
    title: 'At equilibrium, all states of a small program occur as often as the law says.',
    how: 'Two 2 × 3 grids with random couplings and fields under each law of the device. States after as many sweeps as bring the law within 1e-6 of the stationary one, each from a start of its own.',
    kind: 'statistical',
    statistic: 'χ² over the 64 states, Monte-Carlo p under the exact law, by enumeration.',
    samples:
      'States of each grid: L(63) / Λ, L = 105; β off by 10 % has Λ = 0.0075 on such grids, and Λ goes with the square.',
    resolution: {
      quick: 'Λ = 0.0066 per state: β 9.5 %, joint law 0.04 away in total variation',
      standard: 'Λ = 0.0016: β 5 %, 0.02 in total variation',
      certify: 'Λ = 0.0003: β 2 %, 0.008 in total variation',
    },
    level: 'quick',
    clauses: ['1.2', '1.3', '1.5'],
    needs: ['single-spin', 'snapshots', 'sharp-law'],
    kills: ['M01', 'M03', 'M04', 'M10', 'M11', 'M12', 'M13', 'M19', 'M22'],
    blindTo: ['M02', 'M05', 'M08', 'M18', 'M20', 'M24', 'M37', 'M39', 'M40'],
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 16_384, standard: 65_536, certify: 393_216 }));
    const hypotheses: Hypothesis[] = [];
    for (const law of lab.profile.law) {
      for (const grid of [1, 2]) {
        const random = c.random(`${law} law, grid ${grid}`);
        const loaded = await lab.loadProbe(gridProbe(2, 3, random.fork('grid')), random, { law });
        const exact = loaded.law();
        const stationary = stationaryLaw(exact);
        const states = await loaded.snapshots({
          rows,
          sweeps: settledSweeps(exact, stationary, lab.profile),
          start: anyStart(loaded, rows),
          random: random.fork('runs'),
        });
        const name = `${law} law, grid ${grid}: all states`;
        hypotheses.push(stateLawHypothesis(name, states, { law: stationary, random: random.fork('draws') }));
        await lab.unload(loaded.loaded);
      }
    }
    return hypotheses;
  },
};
