/** sch.ramp: temperatures act from the sweep that they are for. */

import { uniformStart } from '../../lab/uniform-start.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { sweptLawHypothesis } from '../distribution/swept-law.ts';

const [hot, warm, cold] = [6554, 26_214, 65_536];

/** b of each sweep. In the last two the change is at the last sweep: one sweep late, and it has not happened. */
const ramps: readonly { readonly name: string; readonly temperatures: readonly number[] }[] = [
  { name: 'up in three steps of two sweeps', temperatures: [hot, hot, warm, warm, cold, cold] },
  { name: 'down in three steps of two sweeps', temperatures: [cold, cold, warm, warm, hot, hot] },
  { name: 'hot at the last of four sweeps', temperatures: [cold, cold, cold, hot] },
  { name: 'cold at the last of four sweeps', temperatures: [hot, hot, hot, cold] },
  { name: 'hot until the last but one of four sweeps', temperatures: [hot, hot, cold, cold] },
];

export const ramp: StatisticalCheck = {
  plan: {
    id: 'sch.ramp',
    version: 1,
    row: 36,
    chapter: 'schedule',
    title: 'Every sweep has the temperature that the run gives it, from that sweep on and no later.',
    how: 'A 2 × 3 grid with random couplings of 0.3 to 0.7 and fields, β = 1.5, from fair coins, under each law of the device: ramps of b up and down, and single changes at the last or last but one sweep.',
    kind: 'statistical',
    statistic:
      'χ² over the 64 states after the last sweep, Monte-Carlo p under the product of the sweeps’ kernels. On devices with tolerances, exact binomial tests of every state and every product of spins against its range over all laws inside the band, Bonferroni.',
    samples:
      'States of each ramp: L(63) / Λ, L = 120; a change one sweep late has Λ = 0.3 to 3, no schedule at all more. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 4096 find no schedule at all, a change at the last sweep that comes late, and a last temperature of half or twice its value on every other grid.',
    resolution: {
      quick: 'Λ = 0.03 per state: the last temperature off by 25 %, any change one sweep late or early',
      standard: 'Λ = 0.0075: the last temperature off by 12 %',
      certify: 'Λ = 0.002: the last temperature off by 6 %',
    },
    level: 'quick',
    clauses: ['4.5', '7'],
    needs: ['sweeps', 'single-spin', 'uniform-start', 'snapshots', 'temperature'],
    kills: ['M02'],
    blindTo: ['M09', 'M15', 'M24', 'M39'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 4096, standard: 16_384, certify: 65_536 }));
    const hypotheses: Hypothesis[] = [];
    for (const law of lab.profile.law) {
      const random = c.random(`${law} law`);
      const grid = { ...gridProbe(2, 3, random.fork('grid')), beta: 1.5 };
      const loaded = await lab.loadProbe(grid, random, { law });
      const runs = random.fork('runs');
      for (const { name, temperatures } of ramps) {
        const sweeps = temperatures.length;
        const start = uniformStart(loaded, rows, runs);
        const states = await loaded.snapshots({ rows, sweeps, temperatures, start, random: runs });
        const draws = random.fork(`draws, ${name}`);
        const { tolerances } = c;
        const swept = { loaded, start: 'uniform', sweeps, temperatures, tolerances, random: draws } as const;
        hypotheses.push(sweptLawHypothesis(`${law} law: ${name}`, states, swept));
      }
      await lab.unload(loaded.loaded);
    }
    return hypotheses;
  },
};
