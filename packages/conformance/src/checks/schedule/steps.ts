/** sch.steps: burn-in and stride are counted as asked. */

import type { Lab } from '../../lab/lab.ts';
import { uniformStart } from '../../lab/uniform-start.ts';
import { lawAfter, uniformLaw } from '../../oracle/exact-law.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type Hypothesis, type StatisticalCheck, TooFewSamples } from '../check.ts';
import { spinsWithin } from '../distribution/probe-size.ts';
import { stateLawHypothesis } from '../distribution/state-law.ts';
import { dominoStrength, drivenDomino } from '../dynamics/driven-domino.ts';
import { keptOf, type Window, windowHypotheses } from './domino-windows.ts';

const length = 26;
const rows = 4;
/** Sweeps, burn-in, stride; some leave a rest of sweeps after the last sample. */
const windows: readonly Window[] = [
  { sweeps: 1, burnIn: 0, stride: 1 },
  { sweeps: 5, burnIn: 0, stride: 1 },
  { sweeps: 3, burnIn: 2, stride: 1 },
  { sweeps: 6, burnIn: 3, stride: 1 },
  { sweeps: 7, burnIn: 1, stride: 2 },
  { sweeps: 8, burnIn: 2, stride: 3 },
  { sweeps: 12, burnIn: 4, stride: 3 },
  { sweeps: 11, burnIn: 5, stride: 5 },
];

export const steps: StatisticalCheck = {
  plan: {
    id: 'sch.steps',
    version: 1,
    row: 35,
    chapter: 'schedule',
    title: 'The first sample is taken after burn-in and one stride, each further one a stride later, none too many.',
    how: 'With given starts: a path of 26 spins with strong fields from all −1, whose front stands two spins further after each sweep; eight windows, by sums and by retained states. Else: a 2 × 3 grid, one sample after burn-in 0, 1, 2 from fair coins.',
    kind: 'statistical',
    statistic:
      'With given starts: sums and states are those of the sweeps burnIn + k·stride; a wrong one has the probability that any update goes against its field. Else: χ² over the 64 states under the exact law of so many sweeps.',
    samples:
      '4 rows a window: 3 · 10^4 updates at e^(−20) or less. Without given starts 8192 states a burn-in: L(63) / Λ, Λ = 0.05, 0.015, 0.005 for one sweep more.',
    resolution: {
      quick: 'with given starts, any single sweep too many or too few; else one sweep at burn-in 0 and 1',
      standard: 'the same, and one sweep at burn-in 2',
      certify: 'the same',
    },
    level: 'quick',
    clauses: ['1.7'],
    needs: ['sweeps', 'single-spin', 'uniform-start', 'snapshots', 'sharp-law'],
    kills: ['M37', 'M38', 'M39', 'M40'],
    blindTo: ['M01', 'M07', 'M18', 'M44'],
    conservative: 'With given starts p is 1 for a right device: false failures at most 1e-5 in a stage.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    if (lab.profile.init.includes('given')) return fronts(lab, c.random('fronts'));
    return laws(lab, c.samples(c.byLevel({ quick: 8192, standard: 32_768, certify: 131_072 })), c.random('laws'));
  },
};

async function fronts(lab: Lab, random: RandomStream): Promise<readonly Hypothesis[]> {
  const { strideMin } = lab.profile.readout;
  const allowed = windows
    .map((window) => (window.stride < strideMin ? { ...window, stride: strideMin } : window))
    .filter((window) => keptOf(window) >= 1);
  if (allowed.length === 0) throw new TooFewSamples(`no window of 12 sweeps has a stride of ${strideMin}`);
  // Each window is run twice: by sums and by states.
  const updates = 2 * rows * length * allowed.reduce((sum, { sweeps }) => sum + sweeps, 0);
  const { strength, missP } = dominoStrength(lab.profile, updates);
  const loaded = await lab.loadProbe(
    drivenDomino(spinsWithin(lab.profile, length), strength, 0),
    random.fork('domino'),
  );
  const runs = random.fork('runs');
  const hypotheses: Hypothesis[] = [];
  for (const window of allowed) {
    hypotheses.push(...(await windowHypotheses(window, { loaded, firstColor: 0, rows, missP, random: runs })));
  }
  return hypotheses;
}

async function laws(lab: Lab, count: number, random: RandomStream): Promise<readonly Hypothesis[]> {
  const loaded = await lab.loadProbe(gridProbe(2, 3, random.fork('grid')), random);
  const runs = random.fork('runs');
  const hypotheses: Hypothesis[] = [];
  for (const burnIn of [0, 1, 2]) {
    const sweeps = burnIn + 1;
    const start = uniformStart(loaded, count, runs);
    const states = await loaded.snapshots({ rows: count, sweeps, start, random: runs });
    const law = lawAfter(uniformLaw(loaded.spins), loaded.law(), sweeps);
    hypotheses.push(stateLawHypothesis(`burn-in ${burnIn}`, states, { law, random: random.fork(`draws ${burnIn}`) }));
  }
  return hypotheses;
}
