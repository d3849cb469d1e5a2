/** sch.zero: what a run starts from. */

import type { Lab } from '../../lab/lab.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { uniformStart } from '../../lab/uniform-start.ts';
import { coinProbe, gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialBandP } from '../../statistics/binomial.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { randomRows } from '../distribution/consecutive-states.ts';
import { familyHypothesis } from '../distribution/family.ts';
import { gridWithin, spinsWithin } from '../distribution/probe-size.ts';
import { sweptLawHypothesis } from '../distribution/swept-law.ts';
import { admittedBand, isSharp } from '../distribution/tolerance-band.ts';
import { dominoStrength, drivenDomino } from '../dynamics/driven-domino.ts';
import { keptOf, windowHypotheses } from './domino-windows.ts';

const coinsWanted = 64;
const dominoLength = 14;
const dominoRows = 4;
const strides = [1, 2, 3];

export const zero: StatisticalCheck = {
  plan: {
    id: 'sch.zero',
    version: 1,
    row: 34,
    chapter: 'schedule',
    title:
      'Sweep 1 starts from the given state, or from fair coins; without burn-in the first sample is the state after `stride` sweeps.',
    how: 'Traces at sweep 0: equal to given states; fair coins for random starts, on 6 coupled spins and on 64 others. States of coupled spins after one sweep from random starts, without burn-in. A front in strong fields, burn-in 0, stride 1, 2, 3. Each part where the device declares what it takes.',
    kind: 'statistical',
    statistic:
      'Equality (a difference has p = 0); χ² over the 64 states, Monte-Carlo p; exact binomial tests of the coins at sweep 0, each and together; the front as in sch.steps. On devices with tolerances, exact binomial tests of every state and every product of spins against its range over all laws inside the band, Bonferroni. There is no front, and coins may be as far off as an update without field.',
    samples:
      'States: L(63) / Λ; a biased initial coin of 0.5 + ε gives Λ = 24 ε² at sweep 0. Together 64 coins find ε with K / (4 · 64 ε²). With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 4096 states find a first sample of sweep 0, and a start that was left all up, on nine grids of ten.',
    resolution: {
      quick: 'at sweep 0 a bias of one spin of 0.06, of all 0.008; after one sweep Λ = 0.03',
      standard: 'at sweep 0 a bias of one spin of 0.03, of all 0.004; after one sweep Λ = 0.008',
      certify: 'at sweep 0 a bias of one spin of 0.015, of all 0.002; after one sweep Λ = 0.002',
    },
    level: 'quick',
    clauses: ['1.6', '1.7', '1.9', '5.4'],
    needs: ['sweeps', 'single-spin', 'uniform-start', 'snapshots'],
    kills: ['M37', 'M38', 'M44'],
    blindTo: ['M01+2%', 'M15', 'M24', 'M40'],
    conservative: 'tolerant devices inside their band: without bound',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const { init, readout } = lab.profile;
    const rows = c.samples(c.byLevel({ quick: 4096, standard: 16_384, certify: 65_536 }));
    const hypotheses: Hypothesis[] = [];
    // Fronts show first samples after given starts, where updates follow strong fields for certain.
    const fronts = init.includes('given') && isSharp(c.tolerances);
    if (init.includes('random') || !fronts) hypotheses.push(...(await afterOneSweep(c, lab, rows)));
    if (init.includes('random') && readout.trace) hypotheses.push(...(await traceOfCoins(c, lab, rows)));
    if (init.includes('given') && readout.trace) hypotheses.push(await traceOfGiven(lab, c.random('given')));
    if (fronts) hypotheses.push(...(await firstSamples(lab, c.random('first samples'))));
    return hypotheses;
  },
};

async function afterOneSweep(c: CheckContext, lab: Lab, rows: number): Promise<readonly Hypothesis[]> {
  const random = c.random('one sweep');
  const loaded = await lab.loadProbe(gridProbe(2, 3, random.fork('grid')), random);
  const { tolerances } = c;
  const sweeps = lab.profile.readout.strideMin;
  const start = uniformStart(loaded, rows, random.fork('start'));
  const states = await loaded.snapshots({ rows, sweeps, start, random: random.fork('runs') });
  const after = sweptLawHypothesis(
    sweeps === 1 ? 'after one sweep from a random start' : `after ${sweeps} sweeps from a random start`,
    states,
    { loaded, start: 'uniform', sweeps, tolerances, random: random.fork('draws') },
  );
  if (start !== 'random' || !lab.profile.readout.trace) return [after];
  const initial = await statesAtZero(loaded, { rows, random: random.fork('traces') });
  const name = 'sweep 0 of a random start, all states';
  const none = { loaded, start: 'uniform', sweeps: 0, tolerances, random: random.fork('draws at 0') } as const;
  return [after, sweptLawHypothesis(name, initial, none)];
}

async function traceOfCoins(c: CheckContext, lab: Lab, rows: number): Promise<readonly Hypothesis[]> {
  const random = c.random('coins');
  const { low, high } = admittedBand({ p: 0.5, f: 0 }, c.tolerances);
  const coins = spinsWithin(lab.profile, coinsWanted);
  const loaded = await lab.loadProbe(coinProbe(coins), random);
  const { values } = await statesAtZero(loaded, { rows, random: random.fork('runs') });
  const { sign } = loaded.disguise;
  const ups = new Float64Array(coins);
  for (const [n, value] of values.entries()) if (value > 0) ups[n % coins] = (ups[n % coins] as number) + 1;
  const member = (name: string, successes: number, n: number) => ({
    name,
    p: binomialBandP(successes, n, low, high),
    observed: successes / n,
    expected: 0.5,
  });
  // In the device's own signs, a bias that all coins have in common adds up.
  const together = ups.reduce((sum, count, spin) => sum + (sign[spin] === 1 ? count : rows - count), 0);
  return [
    familyHypothesis(
      'sweep 0 of a random start, each coin',
      rows,
      [...ups].map((count, spin) => member(`spin ${spin}`, count, rows)),
    ),
    familyHypothesis('sweep 0 of a random start, all coins', rows * coins, [
      member('up, as the device has it', together, rows * coins),
    ]),
  ];
}

async function traceOfGiven(lab: Lab, random: RandomStream): Promise<Hypothesis> {
  const loaded = await lab.loadProbe(gridProbe(...gridWithin(lab.profile, 8), random.fork('grid')), random);
  const rows = Math.min(loaded.rowsPerRun(), 64);
  const given = randomRows(rows, loaded.spins, random.fork('start'));
  const { values } = await statesAtZero(loaded, { rows, start: { given: given.values }, random: random.fork('runs') });
  const different = given.values.reduce((sum, value, n) => sum + Number(value !== values[n]), 0);
  return {
    name: 'sweep 0 of a given start is the given state',
    p: different === 0 ? 1 : 0,
    n: given.values.length,
    table: [{ label: 'spins that differ', observed: different, expected: 0 }],
  };
}

/** What traces show at sweep 0, in as many runs as the device's limits ask for. */
async function statesAtZero(
  loaded: LoadedProbe,
  o: { readonly rows: number; readonly start?: { readonly given: Int8Array }; readonly random: RandomStream },
): Promise<SpinRows> {
  const { spins } = loaded;
  const most = loaded.rowsPerRun();
  const values = new Int8Array(o.rows * spins);
  for (let first = 0; first < o.rows; first += most) {
    const images = Math.min(most, o.rows - first);
    const seed = o.random.bits64();
    const trace = (sweep: number, states: SpinRows): void => {
      if (sweep === 0) values.set(states.values, first * spins);
    };
    const stride = loaded.lab.profile.readout.strideMin;
    await loaded.run({ images, sweeps: stride, stride, seed, start: o.start ?? 'random', trace });
  }
  return { rows: o.rows, spins, values };
}

async function firstSamples(lab: Lab, random: RandomStream): Promise<readonly Hypothesis[]> {
  const { strideMin } = lab.profile.readout;
  const allowed = strides.map((stride) => ({
    sweeps: Math.max(stride, strideMin),
    burnIn: 0,
    stride: Math.max(stride, strideMin),
  }));
  const updates = 2 * dominoRows * dominoLength * allowed.reduce((sum, { sweeps }) => sum + sweeps, 0);
  const { strength, missP } = dominoStrength(lab.profile, updates);
  const loaded = await lab.loadProbe(
    drivenDomino(spinsWithin(lab.profile, dominoLength), strength, 0),
    random.fork('domino'),
  );
  const runs = random.fork('runs');
  const hypotheses: Hypothesis[] = [];
  for (const window of allowed.filter((each) => keptOf(each) === 1)) {
    hypotheses.push(
      ...(await windowHypotheses(window, { loaded, firstColor: 0, rows: dominoRows, missP, random: runs })),
    );
  }
  return hypotheses;
}
