/** A device that declares `stable` or better: however a run is cut, its parts add up to the same integers. */
import { describeCase } from '../../exactness/describe-case.ts';
import type { ExactCase } from '../../exactness/exact-case.ts';
import { firstDifference } from '../../exactness/first-difference.ts';
import { type RunOutcome, runPlan } from '../../exactness/run-plan.ts';
import { mergedOutcome, randomParts, wholePlan } from '../../exactness/split-plan.ts';
import type { Lab } from '../../lab/lab.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { generatedProgram, withLoaded } from './exact-cases.ts';

const programs = { quick: 30, standard: 500, certify: 5000 };

export const stableSplits: LogicalCheck = {
  plan: {
    id: 'stable.splits',
    version: 1,
    row: 0,
    chapter: 'exactness',
    title: 'A run cut into groups of images and of chains gives the same integers as the whole.',
    how: 'Random programs of every law that the profile declares. A run whole, then its images in random groups and orders, and each group’s chains in random stretches.',
    kind: 'logical',
    statistic: 'Sums of parts added, states and last states of parts put in their places: equality with the whole.',
    samples: 'A fault that shows in a share q of n programs is missed with probability (1 − q)^n: 0.001 as stated.',
    resolution: {
      quick: 'faults that show in 21 % of 30 programs',
      standard: 'faults that show in 1.4 % of 500 programs',
      certify: 'faults that show in 0.14 % of 5,000 programs',
    },
    level: 'quick',
    clauses: ['2.3', '5.4', '6'],
    needs: ['stable', 'images', 'sweeps'],
    kills: ['M31', 'M35'],
    blindTo: ['M01', 'M28', 'M30'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const random = c.random('programs');
    const count = c.byLevel(programs);
    for (let n = 0; n < count; n++) {
      c.signal.throwIfAborted();
      const stream = random.fork(`${n}`);
      const law = c.profile.law[n % c.profile.law.length] ?? 'fixed';
      const { program, runs } = generatedProgram(lab.driver, stream, { law, profile: c.profile });
      for (const { run } of runs) {
        const bad = await splitFinding(lab, { program, run }, stream.fork('parts'));
        if (bad !== null) return [bad];
      }
    }
    return [{ name: `${count} programs: parts add up to the whole`, ok: true }];
  },
};

async function splitFinding(lab: Lab, { program, run }: ExactCase, random: RandomStream): Promise<Finding | null> {
  const plan = wholePlan(run);
  const parts = randomParts(plan, random);
  const difference = await withLoaded(lab, program, async (loaded) => {
    const whole = await runPlan(lab, loaded, plan);
    const done: { readonly part: (typeof parts)[number]; readonly outcome: RunOutcome }[] = [];
    for (const part of parts) done.push({ part, outcome: await runPlan(lab, loaded, part.plan) });
    return firstDifference(program, plan, mergedOutcome(program, plan, done), whole);
  });
  if (difference === null) return null;
  const cut = parts.map(({ images, first, chains }) => `images ${images.join(' ')} chains ${first}+${chains}`);
  return {
    name: 'parts add up to the whole',
    ok: false,
    expected: 'the integers of the whole run',
    actual: `${difference} — cut into ${cut.join(', ')}: ${describeCase({ program, run: plan })}`,
  };
}
