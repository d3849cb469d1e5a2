/** law.identity: a program that is too large to solve, by an identity that holds at every equilibrium. */

import { anyStart } from '../../lab/uniform-start.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { brickWallProbe } from './brick-wall.ts';
import { gridWithin } from './probe-size.ts';
import { residualHypotheses } from './residual-families.ts';
import { dyadicScale, mixedSweeps } from './solvable-strip.ts';

import { UpdateResiduals } from './update-residuals.ts';
import { UpdateTable } from './update-table.ts';

/** What sweeps leave of the start, in total variation. */
const mixedWithin = 1e-5;

export const lawIdentity: StatisticalCheck = {
  plan: {
    id: 'law.identity',
    version: 1,
    row: 25,
    chapter: 'distribution',
    title: 'At equilibrium, every spin of a large program follows its local field.',
    how: 'A brick-wall lattice (three neighbours each) with couplings up to 0.32 and fields up to 0.4 that the fixed law does not round: 16 × 16 spins at quick, 32 × 32 above. Single states after as many sweeps as Dobrushin’s bound asks for to be within 1e-5 of equilibrium.',
    kind: 'statistical',
    statistic:
      'Callen’s identity E[(s − p) g(neighbours)] = 0 with g = 1, f, f², f³, bins of f, and by spin and directed edge. Spins of one color are independent given the other color, so that each color has its own sums of exactly known variance.',
    samples:
      'Spins seen: K(m) / (4 E[v f²] ε²) finds β off by ε with K(14) = 48 and E[v f²] = 0.03 here, half the spins for each color.',
    resolution: {
      quick: 'β 5.5 %, the bias of all spins 0.009, of one spin 0.13',
      standard: 'β 2 %, the bias of all spins 0.0032, of one spin 0.09',
      certify: 'β 0.7 %, the bias of all spins 0.0011, of one spin 0.033',
    },
    level: 'quick',
    clauses: ['1.2', '1.3'],
    needs: ['single-spin', 'snapshots', 'sharp-law'],
    kills: ['M01', 'M03', 'M04', 'M10', 'M11', 'M12', 'M13', 'M19', 'M21'],
    blindTo: ['M05', 'M08', 'M24', 'M37'],
    conservative: 'As law.update: families of correlated members take m times their least p.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const random = c.random('lattice');
    const dyadic = dyadicScale(lab.profile);
    const side = c.byLevel({ quick: 16, standard: 32, certify: 32 });
    const loaded = await lab.loadProbe(
      brickWallProbe(gridWithin(lab.profile, side), dyadic, random.fork('edges')),
      random,
      {
        fractionBits: dyadic.fractionBits,
      },
    );
    const rows = Math.ceil(
      c.samples(c.byLevel({ quick: 262_144, standard: 2_097_152, certify: 16_777_216 })) / loaded.spins,
    );
    const states = await loaded.snapshots({
      rows,
      sweeps: mixedSweeps(loaded.probe, mixedWithin) * (lab.profile.dynamics.kind === 'asynchronous' ? 4 : 1),
      start: anyStart(loaded, rows),
      random: random.fork('runs'),
    });
    const table = new UpdateTable(loaded);
    const hypotheses: Hypothesis[] = [];
    for (const [color, spins] of table.colors.entries()) {
      const residuals = new UpdateResiduals(table);
      residuals.addStates(states, spins);
      const label = color === 0 ? 'spins updated first' : 'spins updated last';
      hypotheses.push(...residualHypotheses(residuals, { loaded, tolerances: c.tolerances, label }));
    }
    return hypotheses;
  },
};
