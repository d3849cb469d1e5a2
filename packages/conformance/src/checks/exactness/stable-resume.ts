/** A device that declares `stable` or better: a sweeps, then b more from the state reached, are a + b sweeps (semantics 2.5). */
import type { LoadedProgram, Program, Start } from '@isinglass/sdk';
import { describeCase } from '../../exactness/describe-case.ts';
import { firstDifference } from '../../exactness/first-difference.ts';
import { type RunOutcome, type RunPlan, runOnce, runPlan } from '../../exactness/run-plan.ts';
import { joinedOutcome, type SweepSplit, sweepSplit, wholePlan } from '../../exactness/split-plan.ts';
import type { Lab } from '../../lab/lab.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { generatedProgram, withLoaded } from './exact-cases.ts';

const programs = { quick: 30, standard: 500, certify: 5000 };

export const stableResume: LogicalCheck = {
  plan: {
    id: 'stable.resume',
    version: 1,
    row: 0,
    chapter: 'exactness',
    title: 'A run cut in two stretches of sweeps gives the same integers as the whole.',
    how: 'Random programs of every law that the profile declares, temperatures included. A run whole, then up to a random retained sample and on from there: from states given back, and from a handle where the device resumes.',
    kind: 'logical',
    statistic: 'Sums added, states in order, last states: equality with the whole.',
    samples: 'A fault that shows in a share q of n programs is missed with probability (1 − q)^n: 0.001 as stated.',
    resolution: {
      quick: 'faults that show in 21 % of 30 programs',
      standard: 'faults that show in 1.4 % of 500 programs',
      certify: 'faults that show in 0.14 % of 5,000 programs',
    },
    level: 'quick',
    clauses: ['2.3', '2.5', '6'],
    needs: ['stable', 'given-start', 'sweeps'],
    kills: ['M31', 'M33', 'M37', 'M39', 'M40'],
    blindTo: ['M01', 'M28', 'M30'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const random = c.random('programs');
    const count = c.byLevel(programs);
    const keeps = c.profile.init.includes('resume') ? (['host', 'device'] as const) : (['host'] as const);
    let compared = 0;
    // Runs with a single sample cannot be cut: about half of them.
    for (let n = 0; compared < count && n < 10 * count; n++) {
      c.signal.throwIfAborted();
      const stream = random.fork(`${n}`);
      const law = c.profile.law[n % c.profile.law.length] ?? 'fixed';
      const { program, runs } = generatedProgram(lab.driver, stream, { law, profile: c.profile });
      for (const { run } of runs) {
        const plan = { ...wholePlan(run), keep: 'host' as const };
        const split = sweepSplit(plan, stream.fork('cut'), stream.pick(keeps));
        if (split === null) continue;
        compared++;
        const bad = await resumeFinding(lab, program, plan, split);
        if (bad !== null) return [bad];
      }
    }
    return [{ name: `${compared} runs: two stretches are the whole`, ok: true }];
  },
};

async function resumeFinding(lab: Lab, program: Program, plan: RunPlan, split: SweepSplit): Promise<Finding | null> {
  const difference = await withLoaded(lab, program, async (loaded) => {
    const whole = await runPlan(lab, loaded, plan);
    const first = await runPlan(lab, loaded, split.first);
    const second = await goOn(lab, loaded, first, split);
    return firstDifference(program, plan, joinedOutcome(plan, first, second, split), whole);
  });
  if (difference === null) return null;
  const how = split.first.keep === 'device' ? 'from a handle' : 'from given states';
  return {
    name: 'two stretches are the whole',
    ok: false,
    expected: 'the integers of the whole run',
    actual: `${difference} — cut after ${split.first.sweeps} sweeps, ${how}: ${describeCase({ program, run: plan })}`,
  };
}

async function goOn(lab: Lab, loaded: LoadedProgram, { result }: RunOutcome, { first, second }: SweepSplit) {
  const { handle, last } = result;
  const rows = Uint32Array.from({ length: first.images.length * first.chains }, (_, row) => row);
  if (first.keep === 'device' && handle === undefined) throw new Error('the device kept no handle');
  const start: Start = handle === undefined ? { kind: 'given', states: last ?? {} } : { kind: 'resume', handle, rows };
  try {
    return await runOnce(lab, loaded, { ...second, start });
  } finally {
    handle?.release();
  }
}
