/** law.symmetry: without fields, a state and its mirror image are equally likely. */

import type { Lab } from '../../lab/lab.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { uniformStart } from '../../lab/uniform-start.ts';
import { coinProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { binomialTwoSidedP } from '../../statistics/binomial.ts';
import { proportionEffect } from '../../statistics/effect.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { brickWallProbe } from './brick-wall.ts';
import { familyHypothesis, type Member } from './family.ts';
import { gridWithin, spinsWithin } from './probe-size.ts';
import { countUps } from './single-spins.ts';
import { dyadicScale } from './solvable-strip.ts';

const coinsWanted = 64;
const triples = 64;

export const lawSymmetry: StatisticalCheck = {
  plan: {
    id: 'law.symmetry',
    version: 1,
    row: 26,
    chapter: 'distribution',
    title: 'Without fields, states and their mirror images are equally likely, whatever the couplings.',
    how: 'An 8 × 8 brick wall of couplings without fields, three sweeps after a start of fair coins; and 64 spins with neither couplings nor fields. The disguise mirrors spins at random, so that the device’s up is not the suite’s.',
    kind: 'statistical',
    statistic:
      'Exact binomial tests with p = 1/2: each coupled spin, products of three spins, the sign of the sum of all; each free spin, all free spins together in the device’s own signs.',
    samples: 'Trials at p = 1/2: a bias of ε is found with K(m) / (4 ε²).',
    resolution: {
      quick: 'a bias of 0.0033 common to all spins, of 0.032 of one spin',
      standard: 'a bias of 0.0012 common to all spins, of 0.011 of one spin',
      certify: 'a bias of 0.0006 common to all spins, of 0.005 of one spin',
    },
    level: 'quick',
    clauses: ['1.2', '1.3', '1.6', '4.6'],
    needs: ['sweeps', 'single-spin', 'uniform-start', 'snapshots', 'sharp-law'],
    kills: ['M09', 'M20', 'M21'],
    blindTo: ['M01', 'M04', 'M10', 'M19'],
    conservative: 'Counts are discrete, and families of correlated members take m times their least p.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const n = c.samples(c.byLevel({ quick: 1_048_576, standard: 8_388_608, certify: 33_554_432 }));
    return [
      ...(await coupledHypotheses(lab, Math.ceil(n / 64), c.random('coupled'))),
      ...(await coinHypotheses(lab, n, c.random('coins'))),
    ];
  },
};

async function coupledHypotheses(lab: Lab, rows: number, random: RandomStream): Promise<readonly Hypothesis[]> {
  const dyadic = dyadicScale(lab.profile);
  const wall = brickWallProbe(gridWithin(lab.profile, 8), dyadic, random.fork('edges'));
  const probe = { ...wall, fields: wall.fields.map(() => 0) };
  const loaded = await lab.loadProbe(probe, random, { fractionBits: dyadic.fractionBits });
  const { spins } = loaded;
  const start = uniformStart(loaded, rows, random.fork('start'));
  const states = await loaded.snapshots({
    rows,
    sweeps: Math.max(3, lab.profile.readout.strideMin),
    start,
    random: random.fork('runs'),
  });
  await lab.unload(loaded.loaded);
  const all = Array.from({ length: spins }, (_, spin) => spin);
  const singles = all.map((spin) => oddMember(`spin ${spin}`, states, [spin]));
  const chosen = random.fork('triples');
  const products = Array.from({ length: triples }, () => {
    const three = chosen.shuffled(all).slice(0, 3);
    return oddMember(`spins ${three.join(', ')}`, states, three);
  });
  return [
    familyHypothesis('coupled spins', rows, singles),
    familyHypothesis('products of three spins', rows, products),
    familyHypothesis('the sum of all coupled spins', rows, [signMember(states)]),
  ];
}

async function coinHypotheses(lab: Lab, updates: number, random: RandomStream): Promise<readonly Hypothesis[]> {
  const coins = spinsWithin(lab.profile, coinsWanted);
  const loaded = await lab.loadProbe(coinProbe(coins), random);
  const counts = await countUps(loaded, { updates: Math.ceil(updates / coins), random: random.fork('runs') });
  await lab.unload(loaded.loaded);
  const { sign } = loaded.disguise;
  const members = [...counts.ups].map((ups, spin) => halfMember(`spin ${spin}`, ups, counts.updates));
  // In the device's own signs, a bias that all draws have in common adds up.
  const together = counts.ups.reduce((sum, ups, spin) => sum + (sign[spin] === 1 ? ups : counts.updates - ups), 0);
  const total = coins * counts.updates;
  return [
    familyHypothesis('free spins', counts.updates, members),
    familyHypothesis('all free spins together', total, [halfMember('up, as the device has it', together, total)]),
  ];
}

/** How often a product of an odd number of spins is +1. */
function oddMember(name: string, { values, rows, spins }: SpinRows, of: readonly number[]): Member {
  let ups = 0;
  for (let row = 0; row < rows; row++) {
    if (of.reduce((product, spin) => product * (values[row * spins + spin] as number), 1) > 0) ups++;
  }
  return halfMember(name, ups, rows);
}

/** How often the sum of all spins is positive, among the rows where it is not 0. */
function signMember({ values, rows, spins }: SpinRows): Member {
  let [positive, negative] = [0, 0];
  for (let row = 0; row < rows; row++) {
    const sum = values.subarray(row * spins, (row + 1) * spins).reduce((all, value) => all + value, 0);
    if (sum > 0) positive++;
    if (sum < 0) negative++;
  }
  return halfMember('positive', positive, positive + negative);
}

function halfMember(name: string, successes: number, n: number): Member {
  return {
    name,
    p: binomialTwoSidedP(successes, n, 0.5),
    observed: n === 0 ? 0.5 : successes / n,
    expected: 0.5,
    ...(n === 0 ? {} : { effect: proportionEffect({ name, successes, n, expected: 0.5 }) }),
  };
}
