import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import { longRun, moment } from '../../lab/long-run.ts';
import { outcomeOf } from '../../lab/outcome.ts';
import type { SpinRows } from '../../lab/probe-view.ts';
import { gridWithin } from '../../probes/affordable.ts';
import { gridProbe } from '../../probes/graphs.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Hypothesis, StatisticalCheck } from '../check.ts';
import { stateLawHypothesis } from '../distribution/state-law.ts';
import { lawOfSnapshots, uniformSnapshots } from '../exact-cells.ts';
import { strongCoupling } from '../strong-fields.ts';

/** A cancelled run leaves no state behind. */
export const concClean: StatisticalCheck = {
  plan: {
    id: 'conc.clean',
    version: 2,
    row: 59,
    chapter: 'concurrency',
    title: 'The first run after a cancelled one has a fresh law.',
    how: 'A grid of 2×3 spins under strong pins on all of its spins: a long run with all pins up is aborted as soon as it reports a sweep (after 50 ms where it reports none); the next run, with pins that cancel each other, shows states after one sweep from uniform ones. The same with all pins down.',
    kind: 'statistical',
    statistic:
      'Monte-Carlo p of Pearson’s χ² of the 64 states against the exact law, after pins up and after pins down; Holm',
    samples:
      '2048 rows after each (8192 at standard, 32768 at certify), in runs of at most 256 after a cancelled run each: L(63)/Λ',
    resolution: {
      quick: 'Λ = 0.055 per state: a start that is carried over has more than 1',
      standard: 'Λ = 0.014',
      certify: 'Λ = 0.0035',
    },
    level: 'quick',
    clauses: ['1.6', 'contract: a cancelled run leaves the device usable', 'contract: no hidden state between runs'],
    needs: ['sweeps', 'single-spin', 'pins', 'snapshots', 'sharp-law'],
    kills: ['M47', 'M44'],
    blindTo: ['M24', 'M46'],
    since: '0.1.0',
  },
  async sample(c): Promise<readonly Hypothesis[]> {
    const random = c.random('grid');
    const lab = await c.open();
    const shape = gridWithin(c.profile, { rows: 2, columns: 3, pins: 2 });
    const spins = shape.rows * shape.columns;
    const sweeps = c.profile.readout.strideMin;
    const loaded = await lab.loadProbe(doublyPinnedGrid(shape, strongCoupling(c.profile), random), random);
    const rows = c.samples(c.byLevel({ quick: 2048, standard: 8192, certify: 32_768 }));
    // The second pin of every spin takes back what the first one does.
    const neutral = [...new Array<number>(spins).fill(1), ...new Array<number>(spins).fill(-1)];
    const law = lawOfSnapshots(loaded, sweeps, neutral);
    const hypotheses: Hypothesis[] = [];
    for (const side of [1, -1] as const) {
      const states = await afterCancelledRuns(loaded, { rows, side, neutral, random });
      hypotheses.push(stateLawHypothesis(`after pins ${side > 0 ? 'up' : 'down'}`, states, { law, random }));
    }
    return hypotheses;
  },
};

function doublyPinnedGrid(
  { rows, columns }: { readonly rows: number; readonly columns: number },
  strength: number,
  random: RandomStream,
): Probe {
  const grid = gridProbe(rows, columns, random);
  const spins = rows * columns;
  const w = Math.round(strength / 2 / grid.scale);
  const strong = Math.min(127, w);
  return {
    ...grid,
    name: 'grid, every spin with two strong pins',
    pinned: 2 * spins,
    pinnedEdges: Array.from({ length: 2 * spins }, (_, n) => ({ free: n % spins, pinned: n, w: strong })),
  };
}

async function afterCancelledRuns(
  loaded: LoadedProbe,
  o: {
    readonly rows: number;
    readonly side: 1 | -1;
    readonly neutral: readonly number[];
    readonly random: RandomStream;
  },
): Promise<SpinRows> {
  const { spins } = loaded;
  const sweeps = loaded.lab.profile.readout.strideMin;
  const values = new Int8Array(o.rows * spins);
  const most = Math.min(256, loaded.rowsPerRun());
  for (let first = 0; first < o.rows; first += most) {
    const rows = Math.min(most, o.rows - first);
    await cancelled(loaded, rows, o);
    const pinned = Int8Array.from({ length: rows * 2 * spins }, (_, n) => o.neutral[n % (2 * spins)] as number);
    const states = await uniformSnapshots(loaded, { rows, sweeps, random: o.random, pinned });
    values.set(states.values, first * spins);
  }
  return { rows: o.rows, spins, values };
}

/** A device that reports no progress is given this time to sweep, in milliseconds. */
const silentMs = 50;

/** A run of the same shape, all of whose spins the pins hold on one side, aborted at work. */
async function cancelled(
  loaded: LoadedProbe,
  images: number,
  { side, random }: { readonly side: 1 | -1; readonly random: RandomStream },
): Promise<void> {
  const controller = new AbortController();
  const pinned = new Int8Array(images * loaded.probe.pinned).fill(side);
  const { signal } = controller;
  const swept = Promise.withResolvers<void>();
  const onProgress = (sweepsDone: number): void => {
    if (sweepsDone > 0) swept.resolve();
  };
  const running = outcomeOf(longRun(loaded, { images, pinned, seed: random.bits64(), signal, onProgress }));
  await Promise.race([swept.promise, running, moment(silentMs)]);
  controller.abort(new Error('not wanted any more'));
  await running;
}
