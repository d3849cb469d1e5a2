/** dyn.one-sweep: the exact law of one, two and three sweeps. */
import type { Lab } from '../../lab/lab.ts';
import { patternOf, pointLaw, uniformLaw } from '../../oracle/exact-law.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type Hypothesis, type StatisticalCheck, TooFewSamples } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { stateCounts, stateLabel } from '../distribution/state-law.ts';
import { withSuspects } from '../distribution/suspects.ts';
import { sweptLawHypothesis } from '../distribution/swept-law.ts';
import { UpdateTable } from '../distribution/update-table.ts';
import { type SweptCounts, sweepSuspects } from './sweep-suspects.ts';

export const oneSweep: StatisticalCheck = {
  plan: {
    id: 'dyn.one-sweep',
    version: 1,
    row: 29,
    chapter: 'dynamics',
    title:
      'One, two and three sweeps lead from a start to all states with exactly the probabilities of the colors in their order.',
    how: 'A 2 × 3 grid with random couplings and fields under each law of the device. From four given states (all up, all down, a checkerboard, a random one) where it takes them, and from random starts where it has them: states after 1, 2 and 3 sweeps (from the device’s shortest stride on, if that is longer).',
    kind: 'statistical',
    statistic:
      'χ² over the 64 states, Monte-Carlo p under the exact law (enumeration), for each start and number of sweeps. On devices with tolerances, exact binomial tests of every state and every product of spins against its range over all laws inside the band, Bonferroni.',
    samples:
      'States for each start and number of sweeps: L(63) / Λ with Holm’s rule over 30; L = 130. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 2048 states from given starts find simultaneous updates, reversed colors, a frozen spin and a lost coupling on nine grids of ten; 32,768 are blind to a β that is 20 % off.',
    resolution: {
      quick: 'Λ = 0.064 per state (simultaneous updates 2.5, reversed colors 7.3)',
      standard: 'Λ = 0.016',
      certify: 'Λ = 0.004',
    },
    level: 'quick',
    clauses: ['1.5', '1.6'],
    needs: ['sweeps', 'single-spin', 'uniform-start', 'snapshots'],
    kills: ['M03', 'M04', 'M05', 'M06', 'M07', 'M08', 'M09', 'M14'],
    blindTo: ['M01', 'M15', 'M21', 'M24', 'M29'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 2048, standard: 8192, certify: 32_768 }));
    const hypotheses: Hypothesis[] = [];
    for (const law of lab.profile.law) {
      hypotheses.push(...(await underLaw(c, lab, law, { rows, random: c.random(`${law} law`) })));
    }
    return hypotheses;
  },
};

async function underLaw(
  c: CheckContext,
  lab: Lab,
  law: 'fixed' | 'real',
  { rows, random }: { readonly rows: number; readonly random: RandomStream },
): Promise<readonly Hypothesis[]> {
  const loaded = await lab.loadProbe(gridProbe(2, 3, random.fork('grid')), random, { law });
  const { spins } = loaded;
  const chosen = random.fork('start');
  const given = lab.profile.init.includes('given')
    ? [
        new Int8Array(spins).fill(1),
        new Int8Array(spins).fill(-1),
        Int8Array.from(loaded.probe.colors, (color) => (color === 0 ? 1 : -1)),
        Int8Array.from({ length: spins }, () => chosen.sign()),
      ]
    : [];
  const starts = [
    ...given.map((state) => ({
      name: stateLabel(patternOf(state, spins), spins),
      start: { given: Int8Array.from({ length: rows * spins }, (_, n) => state[n % spins] as number) },
      law: pointLaw(spins, patternOf(state, spins)),
    })),
    ...(lab.profile.init.includes('random')
      ? [{ name: 'random starts', start: 'random' as const, law: uniformLaw(spins) }]
      : []),
  ];
  if (starts.length === 0) throw new TooFewSamples('the device has neither random nor given starts');
  const runs = random.fork('runs');
  const draws = random.fork('draws');
  const hypotheses: Hypothesis[] = [];
  const seen: SweptCounts[] = [];
  for (const { name, start, law: first } of starts) {
    const fewest = lab.profile.readout.strideMin;
    for (let sweeps = fewest; sweeps < fewest + 3; sweeps++) {
      const states = await loaded.snapshots({ rows, sweeps, start, random: runs });
      const label = `${law} law: ${sweeps} sweep${sweeps === 1 ? '' : 's'} from ${name}`;
      const from = start === 'random' ? 'uniform' : first;
      const swept = { loaded, start: from, sweeps, tolerances: c.tolerances, random: draws } as const;
      hypotheses.push(sweptLawHypothesis(label, states, swept));
      seen.push({ start: first, sweeps, counts: stateCounts(states) });
    }
  }
  const table = new UpdateTable(loaded);
  await lab.unload(loaded.loaded);
  return c.suspects ? withSuspects(hypotheses, () => sweepSuspects(table, seen)) : hypotheses;
}
