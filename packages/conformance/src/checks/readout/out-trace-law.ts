import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { uniformStart } from '../../lab/uniform-start.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { sweptLawHypothesis } from '../distribution/swept-law.ts';

const sweeps = 2;

/** Being watched changes nothing: the same law. */
export const outTraceLaw: StatisticalCheck = {
  plan: {
    id: 'out.trace-law',
    version: 1,
    row: 0,
    chapter: 'readout',
    title: 'Traced and untraced runs have the same exact law.',
    how: 'A grid of 2×3 spins from uniform states, two sweeps: states after each sweep as traced, and last states of runs without a listener.',
    kind: 'statistical',
    statistic:
      'Monte-Carlo p of Pearson’s χ² of the 64 states against the exact law: traced after sweep 1 and 2, untraced after sweep 2; Holm. On devices with tolerances, exact binomial tests of every state and every product of spins against its range over all laws inside the band, Bonferroni.',
    samples:
      '4096 rows (16384 at standard, 65536 at certify): L(63)/Λ. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 4096 find simultaneous updates and a lost coupling, not a β that is 20 % off.',
    resolution: { quick: 'Λ = 0.028 per state', standard: 'Λ = 0.007', certify: 'Λ = 0.0018' },
    level: 'quick',
    clauses: ['1.5', '1.9', 'contract: a traced run goes through the same kernels as an untraced one'],
    needs: ['sweeps', 'single-spin', 'trace'],
    kills: ['M54', 'M04'],
    blindTo: ['M24', 'M29'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('grid');
    const lab = await c.open();
    const grid = gridWithin(c.profile, { rows: 2, columns: 3 });
    const loaded = await lab.loadProbe(gridProbe(grid.rows, grid.columns, random), random);
    const rows = c.samples(c.byLevel({ quick: 4096, standard: 16_384, certify: 65_536 }));
    const traced = await collect(loaded, rows, random, 'traced');
    const untraced = await collect(loaded, rows, random, 'untraced');
    const hypothesis = (name: string, states: SpinRows, after: number): Hypothesis =>
      sweptLawHypothesis(name, states, { loaded, start: 'uniform', sweeps: after, tolerances: c.tolerances, random });
    return [
      hypothesis('traced, sweep 1', traced[0] as SpinRows, 1),
      hypothesis('traced, sweep 2', traced[1] as SpinRows, 2),
      hypothesis('untraced, sweep 2', untraced[1] as SpinRows, 2),
    ];
  },
};

/** States after sweeps 1 and 2; of untraced runs only the last, which the host keeps. */
async function collect(
  loaded: LoadedProbe,
  rows: number,
  random: RandomStream,
  path: 'traced' | 'untraced',
): Promise<readonly SpinRows[]> {
  const { spins } = loaded;
  const all = Array.from({ length: sweeps }, () => new Int8Array(rows * spins));
  const stride = Math.min(sweeps, loaded.lab.profile.readout.strideMin);
  for (let first = 0; first < rows; first += loaded.rowsPerRun()) {
    const images = Math.min(loaded.rowsPerRun(), rows - first);
    const run = { images, sweeps, stride, start: uniformStart(loaded, images, random), seed: random.bits64() };
    if (path === 'traced') {
      await loaded.run({
        ...run,
        trace(sweep, { values }) {
          if (sweep > 0) all[sweep - 1]?.set(values, first * spins);
        },
      });
    } else {
      const { last = {} } = await loaded.run({ ...run, keep: 'host' });
      all[sweeps - 1]?.set(loaded.fromBanks(last).values, first * spins);
    }
  }
  return all.map((values) => ({ rows, spins, values }));
}
