/** sch.split: a run that continues another is as one run. */

import type { StateHandle } from '@isinglass/sdk';
import type { Lab } from '../../lab/lab.ts';
import type { LoadedProbe, ProbeRun } from '../../lab/loaded-probe.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { gridProbe } from '../../probes/graphs.ts';
import { missingNeeds } from '../../profile/needs.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { type Hypothesis, type StatisticalCheck, TooFewSamples } from '../check.ts';
import { randomRows } from '../distribution/consecutive-states.ts';
import { gridWithin } from '../distribution/probe-size.ts';
import { residualHypotheses } from '../distribution/residual-families.ts';
import { UpdateResiduals } from '../distribution/update-residuals.ts';
import { UpdateTable } from '../distribution/update-table.ts';

type Way = 'given' | 'resume';

/** Samples of the first and the second part where bits are compared; sweeps, where the device retains every one. */
const parts = { first: 3, second: 4 } as const;
const rowsCompared = 16;
/** Rows of one run where the law is tested; sweeps one by one, each a run that continues the one before. */
const rowsPerRun = 512;
const seams = 3;

export const split: StatisticalCheck = {
  plan: {
    id: 'sch.split',
    version: 1,
    row: 37,
    chapter: 'schedule',
    title:
      'A run that continues another, by its last state or by a handle, goes on as one run would have: the same bits where the profile declares stable or better, the same law everywhere.',
    how: 'An 8 × 8 grid. Bits: 7 sweeps at once, and 3 continued by 4 with sweepOffset 3, same seed and images, by given state and by resume; last states and sums are compared. Law: four sweeps in runs of one sweep each, from given starts, under two seeds, where the device retains every sweep.',
    kind: 'statistical',
    statistic:
      'Equality (a difference has p = 0) where the profile declares stable or better; the residuals of law.update over the seams, lags across them included: a device that draws the same numbers again has a lag-1 correlation of 1, and one that restarts its generator with every run has pairs of rows that are alike.',
    samples:
      'Updates of each way, as law.update. With tolerances of 0.02 in P, 5 % in β and 0.02 k_B·T, 131,072 updates find a run that draws the same numbers again or restarts the generator, simultaneous updates and reversed colors.',
    resolution: {
      quick: 'any bit; β 4 %, a lag correlation of 0.02',
      standard: 'any bit; β 1.4 %, a lag correlation of 0.007',
      certify: 'any bit; β 0.7 %, a lag correlation of 0.0035',
    },
    level: 'quick',
    clauses: ['2.3', '2.5', '5.1'],
    needs: ['sweeps', 'single-spin', 'given-start', 'snapshots'],
    kills: ['M28', 'M04', 'M05', 'M07', 'M37'],
    blindTo: ['M02', 'M25', 'M40', 'M44'],
    conservative: 'Equality never rejects a right device; families as in law.update.',
    since: '0.1.0',
  },
  async sample(c) {
    const lab = await c.open();
    const updates = c.samples(c.byLevel({ quick: 131_072, standard: 1_048_576, certify: 4_194_304 }));
    const ways: readonly Way[] = lab.profile.init.includes('resume') ? ['given', 'resume'] : ['given'];
    const random = c.random('grid');
    const loaded = await lab.loadProbe(gridProbe(...gridWithin(lab.profile, 8), random.fork('edges')), random);
    const hypotheses: Hypothesis[] = [];
    for (const way of ways) {
      const stream = random.fork(way);
      if (missingNeeds(lab.profile, ['stable']).length === 0) {
        hypotheses.push(...(await sameBits(lab, loaded, { way, random: stream.fork('bits') })));
      }
      if (lab.profile.readout.strideMin > 1) continue;
      const residuals = new UpdateResiduals(new UpdateTable(loaded));
      const rows = Math.min(loaded.rowsPerRun(), rowsPerRun);
      for (let done = 0; done < updates; done += 2 * rows * loaded.spins * (seams + 1)) {
        const [a, b] = [
          await sweepBySweep(loaded, { way, rows, random: stream }),
          await sweepBySweep(loaded, { way, rows, random: stream }),
        ];
        residuals.addHistory(a.map((states, t) => interleaved(states, b[t] as SpinRows)));
      }
      const label = `continued by ${way}`;
      hypotheses.push(...residualHypotheses(residuals, { loaded, tolerances: c.tolerances, label }));
    }
    if (hypotheses.length === 0) throw new TooFewSamples('the device shows no consecutive sweeps');
    return hypotheses;
  },
};

async function sameBits(
  lab: Lab,
  loaded: LoadedProbe,
  { way, random }: { readonly way: Way; readonly random: RandomStream },
): Promise<readonly Hypothesis[]> {
  const images = Math.min(rowsCompared, loaded.rowsPerRun());
  const sums = lab.profile.readout.observables.includes('spin-sum');
  const stride = lab.profile.readout.strideMin;
  const common = {
    images,
    stride,
    seed: random.bits64(),
    ...(sums ? { observable: 'spin-sum' as const, as: 'sums' as const } : {}),
  };
  const start = { given: randomRows(images, loaded.spins, random).values };
  const whole = await loaded.run({ ...common, sweeps: (parts.first + parts.second) * stride, start, keep: 'host' });
  const keep = way === 'given' ? 'host' : 'device';
  const first = await loaded.run({ ...common, sweeps: parts.first * stride, start, keep });
  const resumed: ProbeRun['start'] =
    way === 'given'
      ? { given: loaded.fromBanks(first.last ?? {}).values }
      : { kind: 'resume', handle: handleOf(first.handle), rows: rowNumbers(images) };
  const second = await loaded.run({
    ...common,
    sweeps: parts.second * stride,
    sweepOffset: parts.first * stride,
    start: resumed,
    keep: 'host',
  });
  first.handle?.release();
  const equal = (name: string, a: ArrayLike<number>, b: ArrayLike<number>): Hypothesis => {
    const different = Array.from(a).filter((value, n) => value !== b[n]).length + Math.abs(a.length - b.length);
    return {
      name: `continued by ${way}: ${name} of ${parts.first} + ${parts.second} sweeps are those of ${parts.first + parts.second}`,
      p: different === 0 ? 1 : 0,
      n: a.length,
      table: [{ label: 'numbers that differ', observed: different, expected: 0 }],
    };
  };
  const last = equal(
    'last states',
    loaded.fromBanks(whole.last ?? {}).values,
    loaded.fromBanks(second.last ?? {}).values,
  );
  if (!sums) return [last];
  const total = loaded.sumsOf(whole, images);
  const [sumsA, sumsB] = [loaded.sumsOf(first, images), loaded.sumsOf(second, images)];
  return [
    last,
    equal(
      'sums',
      total,
      sumsA.map((sum, n) => sum + (sumsB[n] as number)),
    ),
  ];
}

/** Rows of two runs by turns, so that pairs of rows are pairs of runs, too: runs of other seeds have other random numbers. */
function interleaved(a: SpinRows, b: SpinRows): SpinRows {
  const values = new Int8Array(a.values.length + b.values.length);
  for (const [which, { values: from, spins, rows }] of [a, b].entries()) {
    for (let row = 0; row < rows; row++) {
      values.set(from.subarray(row * spins, (row + 1) * spins), (2 * row + which) * spins);
    }
  }
  return { rows: a.rows + b.rows, spins: a.spins, values };
}

/** States after each of `seams` + 1 runs of one sweep, the given start first. */
async function sweepBySweep(
  loaded: LoadedProbe,
  { way, rows, random }: { readonly way: Way; readonly rows: number; readonly random: RandomStream },
): Promise<readonly SpinRows[]> {
  const seed = random.bits64();
  const states = [randomRows(rows, loaded.spins, random)];
  let start: ProbeRun['start'] = { given: (states[0] as SpinRows).values };
  let held: StateHandle | undefined;
  for (let sweep = 0; sweep <= seams; sweep++) {
    const keep = way === 'given' ? 'host' : 'device';
    const run = { images: rows, sweeps: 1, sweepOffset: sweep, seed, start, keep } satisfies ProbeRun;
    const { state, handle } = await oneSweep(loaded, run);
    held?.release();
    held = handle;
    states.push(state);
    start =
      way === 'given' ? { given: state.values } : { kind: 'resume', handle: handleOf(handle), rows: rowNumbers(rows) };
  }
  held?.release();
  return states;
}

/** One sweep, and the state after it by whatever shows it. */
async function oneSweep(
  loaded: LoadedProbe,
  run: ProbeRun & { readonly images: number },
): Promise<{ readonly state: SpinRows; readonly handle?: StateHandle | undefined }> {
  const { readout } = loaded.lab.profile;
  if (readout.observables.includes('state')) {
    const result = await loaded.run({ ...run, observable: 'state' });
    return { state: loaded.statesOf(result, run.images, 0, 1), handle: result.handle };
  }
  if (readout.observables.includes('spin-sum')) {
    const result = await loaded.run({ ...run, observable: 'spin-sum', as: 'sums' });
    const values = Int8Array.from(loaded.sumsOf(result, run.images));
    return { state: { rows: run.images, spins: loaded.spins, values }, handle: result.handle };
  }
  const traced: SpinRows[] = [];
  const result = await loaded.run({ ...run, trace: (_, states) => void traced.push(states) });
  const state = traced.at(-1);
  if (state === undefined) throw new Error('the trace of a run shows no state');
  return { state, handle: result.handle };
}

function handleOf(handle: StateHandle | undefined): StateHandle {
  if (handle === undefined) throw new Error("a run with keep: 'device' has no handle in its result");
  return handle;
}

const rowNumbers = (rows: number): Uint32Array<ArrayBuffer> => Uint32Array.from({ length: rows }, (_, n) => n);
