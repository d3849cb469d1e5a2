/** law.beta: the device's β at several temperatures, by the mean energy. */

import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { anyStart } from '../../lab/uniform-start.ts';
import { stationaryLaw } from '../../oracle/exact-law.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { meanEffect } from '../../statistics/effect.ts';
import { normalTwoSidedP } from '../../statistics/normal.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { momentsOf, parametersOf, sampleMeans } from './score.ts';
import { settledSweeps } from './state-law.ts';

/** β of the programs; with the feature temperature, each at b = 65536 and 32768: 0.25, 0.6, 0.5, 1.2; without it, four programs. */
const referenceBetas = [0.5, 1.2];
const programBetas = [0.25, 0.5, 0.8, 1.2];
const halfTemperature = 32768;

interface Measured {
  /** Nominal. */
  readonly beta: number;
  /** Estimated factor of β minus 1, and its standard error. */
  readonly off: number;
  readonly standardError: number;
}

export const lawBeta: StatisticalCheck = {
  plan: {
    id: 'law.beta',
    version: 1,
    row: 23,
    chapter: 'distribution',
    title: 'The device samples at the β that the program and the run ask for, at four of them.',
    how: 'A 3 × 3 grid with random couplings and fields at equilibrium, at four β: two programs at two temperatures each where the device has the feature temperature, else four programs; under each law.',
    kind: 'statistical',
    statistic:
      'z of the mean energy against the exact mean at each β; over all four, a common factor of β (scale) and a common addend (offset), each weighed by the exact variance of the energy.',
    samples:
      'States at each β: the factor is known to 1 / √(n Var βE), Var βE from 0.2 (β = 0.25) to 3 (β = 1.2); found are √K(12) = 7.1 standard errors, for both laws.',
    resolution: {
      quick: 'a common factor of β 3.5 %; at β = 0.25 alone 17 %',
      standard: 'a common factor of β 1.8 %; at β = 0.25 alone 9 %',
      certify: 'a common factor of β 0.6 %; at β = 0.25 alone 3 %',
    },
    level: 'quick',
    clauses: ['1.2', '4.3', '4.5'],
    needs: ['single-spin', 'snapshots', 'sharp-law'],
    kills: ['M01', 'M02', 'M03', 'M51', 'M53'],
    blindTo: ['M05', 'M12', 'M23'],
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const rows = c.samples(c.byLevel({ quick: 8192, standard: 32_768, certify: 262_144 }));
    const withTemperature = lab.profile.features.includes('temperature');
    const hypotheses: Hypothesis[] = [];
    for (const law of lab.profile.law) {
      const random = c.random(`${law} law`);
      const grid = gridProbe(3, 3, random.fork('grid'));
      const measured: Measured[] = [];
      for (const beta of withTemperature ? referenceBetas : programBetas) {
        const stream = random.fork(`β ${beta}`);
        const loaded = await lab.loadProbe({ ...grid, beta }, stream, { law });
        for (const b of withTemperature ? [halfTemperature, 65536] : [65536]) {
          measured.push(await measuredBeta(loaded, { b, rows, random: stream.fork(`b ${b}`) }));
        }
        await lab.unload(loaded.loaded);
      }
      hypotheses.push(
        ...measured.map((each) => hypothesisOf(`${law} law: β ${each.beta}`, rows, each)),
        hypothesisOf(
          `${law} law: a common factor of β`,
          rows,
          pooled(measured, () => 1),
        ),
        hypothesisOf(
          `${law} law: a common addend to β`,
          rows,
          pooled(measured, ({ beta }) => 1 / beta),
          'β',
        ),
      );
    }
    return hypotheses;
  },
};

async function measuredBeta(
  loaded: LoadedProbe,
  { b, rows, random }: { readonly b: number; readonly rows: number; readonly random: RandomStream },
): Promise<Measured> {
  const exact = loaded.law();
  const stationary = stationaryLaw(exact, b);
  const { profile } = loaded.lab;
  const sweeps = settledSweeps(exact, stationary, { dynamics: profile.dynamics, b });
  const states = await loaded.snapshots({
    rows,
    sweeps,
    start: anyStart(loaded, rows),
    ...(b === 65536 ? {} : { temperatures: new Array<number>(sweeps).fill(b) }),
    random: random.fork('runs'),
  });
  const parameters = parametersOf(loaded.probe);
  const { mean, covariance } = momentsOf(parameters, stationary);
  const beta = ((loaded.probe.beta ?? 1) * b) / 65536;
  // −β E = Σ θ_k T_k; its mean moves by its variance times the relative error of β.
  const theta = parameters.map(({ value }) => (value * b) / 65536);
  const observed = sampleMeans(parameters, states);
  const moved = theta.reduce((sum, value, k) => sum + value * ((observed[k] as number) - (mean[k] as number)), 0);
  let variance = 0;
  for (const [k, x] of theta.entries()) {
    for (const [l, y] of theta.entries()) variance += x * y * (covariance[k * theta.length + l] as number);
  }
  return { beta, off: moved / variance, standardError: 1 / Math.sqrt(rows * variance) };
}

/** Least squares of `off` on a known shape. */
function pooled(measured: readonly Measured[], shape: (each: Measured) => number): Measured {
  let [weights, sum] = [0, 0];
  for (const each of measured) {
    weights += (shape(each) / each.standardError) ** 2;
    sum += (shape(each) * each.off) / each.standardError ** 2;
  }
  return { beta: 0, off: sum / weights, standardError: 1 / Math.sqrt(weights) };
}

function hypothesisOf(
  name: string,
  n: number,
  { off, standardError }: Measured,
  unit: 'relative β' | 'β' = 'relative β',
): Hypothesis {
  return {
    name,
    p: normalTwoSidedP(off / standardError),
    n,
    effect: meanEffect({ name: 'β', unit, mean: off, standardError }),
    table: [
      {
        label: unit === 'β' ? 'addend to β' : 'β / nominal β',
        observed: off + Number(unit !== 'β'),
        expected: Number(unit !== 'β'),
      },
    ],
  };
}
