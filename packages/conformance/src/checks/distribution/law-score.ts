/** law.score: no field and no coupling is off. */
import { anyStart } from '../../lab/uniform-start.ts';
import { stationaryLaw } from '../../oracle/exact-law.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { scoreHypotheses } from './score-hypotheses.ts';
import { settledSweeps } from './state-law.ts';

export const lawScore: StatisticalCheck = {
  plan: {
    id: 'law.score',
    version: 1,
    row: 22,
    chapter: 'distribution',
    title: 'At equilibrium, the states show every field and every coupling of the program as it was asked for.',
    how: 'A 3 × 4 grid with random couplings and fields under each law of the device: 12 h and 17 J. States at equilibrium, each from a start of its own.',
    kind: 'statistical',
    statistic:
      'Rao’s score under the exact law (enumeration of 4096 states): χ² with 29 degrees of freedom; z of β; z of each parameter given all others, Bonferroni.',
    samples:
      'A parameter’s estimate has a standard error of up to 2 / √n, β’s of up to 0.55 / √n. Found are deviations of √K: 6.9 standard errors for β (6 hypotheses), 7.6 for one of 29 parameters.',
    resolution: {
      quick: 'β 3 %, a single h or J 0.12 k_B·T',
      standard: 'β 1.5 %, a single h or J 0.06 k_B·T',
      certify: 'β 0.6 %, a single h or J 0.025 k_B·T',
    },
    level: 'quick',
    clauses: ['1.2', '4.1', '4.3', '4.4'],
    needs: ['single-spin', 'snapshots', 'sharp-law'],
    kills: ['M01', 'M03', 'M04', 'M10', 'M11', 'M12', 'M13', 'M15', 'M53'],
    blindTo: ['M05', 'M08', 'M20', 'M23', 'M24'],
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 16_384, standard: 65_536, certify: 393_216 }));
    const hypotheses: Hypothesis[] = [];
    for (const law of lab.profile.law) {
      const random = c.random(`${law} law`);
      const loaded = await lab.loadProbe(gridProbe(3, 4, random.fork('grid')), random, { law });
      const exact = loaded.law();
      const stationary = stationaryLaw(exact);
      const states = await loaded.snapshots({
        rows,
        sweeps: settledSweeps(exact, stationary, lab.profile),
        start: anyStart(loaded, rows),
        random: random.fork('runs'),
      });
      hypotheses.push(...scoreHypotheses(`${law} law`, states, { loaded, law: stationary }));
      await lab.unload(loaded.loaded);
    }
    return hypotheses;
  },
};
