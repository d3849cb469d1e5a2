/** Row 48, bits: a batch is its rows, each run on its own. */
import type { DeviceProfile } from '@isinglass/sdk';
import { describeCase } from '../../exactness/describe-case.ts';
import { firstDifference } from '../../exactness/first-difference.ts';
import { randomRun } from '../../exactness/random-run.ts';
import { type RunOutcome, type RunPlan, runPlan } from '../../exactness/run-plan.ts';
import { mergedOutcome, type PlanPart, singleParts, wholePlan } from '../../exactness/split-plan.ts';
import { gridWithin } from '../../lab/coins.ts';
import type { LoadedProbe } from '../../lab/loaded-probe.ts';
import type { Probe } from '../../probes/probe.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';

const runs = { quick: 8, standard: 64, certify: 512 };

export const batchSingle: LogicalCheck = {
  plan: {
    id: 'batch.single',
    version: 1,
    row: 48,
    chapter: 'chains',
    title: 'A batch gives, row by row, the bits of single runs.',
    how: 'A 4 × 5 grid with pinned spins, disguised. Random runs of up to 9 images of up to 3 chains, every start and readout; then each image and chain in a run of its own, with its own number and the same seed.',
    kind: 'logical',
    statistic: 'Sums added, states and last states put in their places: equality.',
    samples: '8, 64, 512 runs.',
    resolution: {
      quick: 'faults that show in 58 % of batches',
      standard: 'faults that show in 10 % of batches',
      certify: 'faults that show in 1.3 % of batches',
    },
    level: 'quick',
    clauses: ['2.3', '5.4', '6'],
    needs: ['stable', 'images', 'single-spin', 'sweeps'],
    kills: ['M31', 'M35', 'M44'],
    blindTo: ['M01', 'M28', 'M30'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const random = c.random('runs');
    const loaded = await lab.loadProbe(pinnedGrid(c.profile, c.random('grid')), c.random('disguise'));
    const count = c.byLevel(runs);
    for (let n = 0; n < count; n++) {
      const o = { profile: c.profile, imagesMax: 9, chainsMax: 3 };
      const plan = wholePlan(randomRun(loaded.program, random.fork(`${n}`), o));
      const bad = await batchFinding(loaded, plan);
      if (bad !== null) return [bad];
    }
    return [{ name: `${count} batches are their single runs`, ok: true }];
  },
};

/** Five spins, or fewer where the device holds few, are driven by a pinned one each, too. */
function pinnedGrid(profile: DeviceProfile, random: RandomStream): Probe {
  const { spins } = profile;
  const most = typeof spins.max === 'number' ? spins.max : Number.POSITIVE_INFINITY;
  const pinned = Math.min(5, Math.floor(most / 4));
  const grid = gridWithin({ ...profile, spins: { ...spins, max: Math.min(20, most - pinned) } }, 4, 5, random);
  return {
    ...grid,
    pinned,
    pinnedEdges: Array.from({ length: pinned }, (_, n) => ({ free: n, pinned: n, w: random.sign() * 10 })),
  };
}

async function batchFinding({ lab, loaded, program }: LoadedProbe, plan: RunPlan): Promise<Finding | null> {
  const whole = await runPlan(lab, loaded, plan);
  const done: { readonly part: PlanPart; readonly outcome: RunOutcome }[] = [];
  for (const part of singleParts(plan)) done.push({ part, outcome: await runPlan(lab, loaded, part.plan) });
  const difference = firstDifference(program, plan, whole, mergedOutcome(program, plan, done));
  if (difference === null) return null;
  return {
    name: 'a batch is its single runs',
    ok: false,
    expected: 'the bits of the single runs',
    actual: `${difference} — ${describeCase({ program, run: plan })}`,
  };
}
