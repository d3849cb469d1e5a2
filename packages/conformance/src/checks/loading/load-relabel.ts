import { gridWithin } from '../../probes/affordable.ts';
import { disguiseAs, layoutsOf } from '../../probes/disguise.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { sweptLawHypothesis } from '../distribution/swept-law.ts';
import { uniformSnapshots } from '../exact-cells.ts';

const sweepsWanted = 2;

/** The same problem in other words is the same problem. */
export const loadRelabel: StatisticalCheck = {
  plan: {
    id: 'load.relabel',
    version: 1,
    row: 15,
    chapter: 'loading',
    title: 'Random order of spins, gauge and form of couplings leave the law unchanged.',
    how: 'One grid of 2×3 spins in as many random disguises as the device has layouts and forms, three at least; states after 2 sweeps from uniform ones, mapped back.',
    kind: 'statistical',
    statistic:
      'Monte-Carlo p of Pearson’s χ² of the 64 states against the exact law, for each disguise; Holm. On devices with tolerances, exact binomial tests of every state and every product of spins against its range over all laws inside the band, Bonferroni.',
    samples:
      '4096 states of each disguise (16384 at standard, 65536 at certify): L(63)/Λ. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 4096 find a lost coupling on nine grids of ten, simultaneous updates, spins in the wrong order.',
    resolution: {
      quick: 'Λ = 0.028 per state in one disguise: a coupling of 0.3 that is lost has about 0.1',
      standard: 'Λ = 0.007',
      certify: 'Λ = 0.0018',
    },
    level: 'quick',
    clauses: ['1.2', '1.4', '1.5', '3.4', '3.6'],
    needs: ['sweeps', 'single-spin', 'snapshots'],
    kills: ['M54', 'M12', 'M45'],
    blindTo: ['M24', 'M29', 'M51'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('grid');
    const lab = await c.open();
    const { rows: r, columns } = gridWithin(c.profile, { rows: 2, columns: 3 });
    const probe = gridProbe(r, columns, random);
    const sweeps = Math.max(sweepsWanted, c.profile.readout.strideMin);
    const layouts = layoutsOf(c.profile);
    const rows = c.samples(c.byLevel({ quick: 4096, standard: 16_384, certify: 65_536 }));
    const hypotheses: Hypothesis[] = [];
    for (let n = 0; n < Math.max(3, layouts.length); n++) {
      const { layout, form } = layouts[n % layouts.length] as (typeof layouts)[0];
      const disguise = disguiseAs(probe, { layout, form }, random.fork(`disguise ${n}`));
      const loaded = await lab.loadProbe(probe, random, { disguise });
      const states = await uniformSnapshots(loaded, { rows, sweeps, random });
      const swept = { loaded, start: 'uniform', sweeps, tolerances: c.tolerances, random } as const;
      hypotheses.push(sweptLawHypothesis(`${n}: ${form} in ${layout}`, states, swept));
      await lab.unload(loaded.loaded);
    }
    return hypotheses;
  },
};
