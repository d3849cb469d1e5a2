/** dyn.hold: sweeps leave the equilibrium as it is. */
import type { SpinRows } from '../../lab/probe-view.ts';
import { spinsOfPattern, stationaryLaw } from '../../oracle/exact-law.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { StatisticalCheck } from '../check.ts';
import { scoreHypotheses } from '../distribution/score-hypotheses.ts';
import { stateLawHypothesis } from '../distribution/state-law.ts';

/** Few, so that a wrong kernel has not forgotten the start; more than one, so that its error has grown. */
const sweeps = 4;

export const hold: StatisticalCheck = {
  plan: {
    id: 'dyn.hold',
    version: 1,
    row: 30,
    chapter: 'dynamics',
    title: 'Given states drawn from the equilibrium, a few sweeps leave them distributed as they were.',
    how: 'A 2 × 3 grid with random couplings and fields. The host draws starts from the exact stationary law; four sweeps (Geweke 2004). No burn-in, and no knowledge of the order of updates.',
    kind: 'statistical',
    statistic:
      'χ² over the 64 states, Monte-Carlo p under the stationary law; Rao’s score in all h and J: all, β, each.',
    samples: 'States: L(63) / Λ, L = 110 with Holm’s rule over 4.',
    resolution: {
      quick: 'Λ = 0.0067 per state; β 6 %, a single h or J 0.1 k_B·T (of what four sweeps have moved)',
      standard: 'Λ = 0.0017; β 3 %, a single h or J 0.05 k_B·T',
      certify: 'Λ = 0.0003; β 1.2 %, a single h or J 0.02 k_B·T',
    },
    level: 'quick',
    clauses: ['1.2', '1.3', '2.5'],
    needs: ['single-spin', 'given-start', 'snapshots', 'sharp-law'],
    kills: ['M01', 'M03', 'M04', 'M10', 'M11', 'M12', 'M22'],
    blindTo: ['M05', 'M06', 'M08', 'M09', 'M24', 'M37'],
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 16_384, standard: 65_536, certify: 393_216 }));
    const random = c.random('hold');
    const loaded = await lab.loadProbe(gridProbe(2, 3, random.fork('grid')), random);
    const stationary = stationaryLaw(loaded.law());
    const { values: given } = drawnStates(stationary, { rows, spins: loaded.spins, random: random.fork('start') });
    const states = await loaded.snapshots({ rows, sweeps, start: { given }, random: random.fork('runs') });
    return [
      stateLawHypothesis('all states', states, { law: stationary, random: random.fork('draws') }),
      ...scoreHypotheses('score', states, { loaded, law: stationary }),
    ];
  },
};

/** Independent draws of the host from a law of all 2^n states. */
function drawnStates(
  law: Float64Array,
  { rows, spins, random }: { readonly rows: number; readonly spins: number; readonly random: RandomStream },
): SpinRows {
  const cumulative = law.slice();
  for (let state = 1; state < law.length; state++) {
    cumulative[state] = (cumulative[state - 1] as number) + (law[state] as number);
  }
  const values = new Int8Array(rows * spins);
  for (let row = 0; row < rows; row++) {
    const u = random.uniform();
    const found = cumulative.findIndex((sum) => u < sum);
    // Where rounding leaves the last sum below 1, what is above it is the last state that can occur.
    const state = found >= 0 ? found : law.findLastIndex((p) => p > 0);
    values.set(spinsOfPattern(state, spins), row * spins);
  }
  return { rows, spins, values };
}
