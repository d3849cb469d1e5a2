/** A device that declares `exact` gives the bits of the fixed law: the suite's own machine is run beside it. */
import type { Program } from '@isinglass/sdk';
import { describeCase } from '../../exactness/describe-case.ts';
import type { ExactCase } from '../../exactness/exact-case.ts';
import { firstDifference } from '../../exactness/first-difference.ts';
import { type RunOutcome, runPlan } from '../../exactness/run-plan.ts';
import { shrink } from '../../exactness/shrink.ts';
import type { Lab } from '../../lab/lab.ts';
import { DeadlineMissed } from '../../lab/within.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { type GeneratedProgram, generatedProgram, lawMachine, runsPerProgram, withLoaded } from './exact-cases.ts';

const programs = { quick: 60, standard: 1000, certify: 10000 };

/** For the search for a smaller failing case. */
const shrinkMs = 5000;

export const exactBits: LogicalCheck = {
  plan: {
    id: 'exact.bits',
    version: 1,
    row: 0,
    chapter: 'exactness',
    title:
      'Everything that runs return is equal, to the bit, to the fixed law computed by a machine of the suite’s own.',
    how: `Random programs of all forms, geometries, bits, maps of colors, gains, biases and blocks that the profile declares, ${runsPerProgram} runs of each: every start, readout, temperatures, traces, and runs that go on from a kept state. The first that differs is cut down to a smallest one that still does.`,
    kind: 'logical',
    statistic: 'Sums, conditional sums, signs, states, traces, last states and those of continued runs: equality.',
    samples:
      'Of n programs a fault that shows in a share q of them is missed with probability (1 − q)^n: 0.001 at the resolution stated.',
    resolution: {
      quick: 'faults that show in 11 % of 60 programs',
      standard: 'faults that show in 0.7 % of 1,000 programs',
      certify: 'faults that show in 0.07 % of 10,000 programs',
    },
    level: 'quick',
    clauses: ['1', '2', '3', '4', '5', '6'],
    needs: ['exact', 'fixed-law', 'sweeps'],
    kills: [
      'M01',
      'M02',
      'M03',
      'M04',
      'M05',
      'M06',
      'M07',
      'M08',
      'M09',
      'M10',
      'M11',
      'M12',
      'M13',
      'M14',
      'M15',
      'M16',
      'M18',
      'M19',
      'M20',
      'M21',
      'M22',
      'M23',
      'M24',
      'M25',
      'M26',
      'M27',
      'M28',
      'M29',
      'M30',
      'M31',
      'M33',
      'M35',
      'M36',
      'M37',
      'M38',
      'M39',
      'M40',
      'M41',
      'M42',
      'M44',
      'M45',
      'M51',
      'M53',
      'M54',
    ],
    blindTo: ['M32', 'M43', 'M46', 'M52'],
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const law = lawMachine();
    const random = c.random('programs');
    const count = c.byLevel(programs);
    try {
      for (let n = 0; n < count; n++) {
        c.signal.throwIfAborted();
        const generated = generatedProgram(lab.driver, random.fork(`${n}`), { law: 'fixed', profile: c.profile });
        const failed = await firstFailure(lab, law, generated);
        if (failed !== null) return [await smallestOf(failed, { lab, law, place: `program ${n} of ${count}` })];
      }
    } finally {
      await law.close();
    }
    return [{ name: `${count} programs, ${runsPerProgram * count} runs: equal to the bit`, ok: true }];
  },
};

interface Failure {
  readonly failing: ExactCase;
  readonly difference: string;
}

async function firstFailure(lab: Lab, law: Lab, { program, runs }: GeneratedProgram): Promise<Failure | null> {
  const expected = await outcomesOf(law, program, runs);
  return withLoaded(lab, program, async (loaded) => {
    for (const [n, failing] of runs.entries()) {
      const actual = await runPlan(lab, loaded, failing.run);
      const difference = firstDifference(program, failing.run, actual, expected[n] as RunOutcome);
      if (difference !== null) return { failing, difference };
    }
    return null;
  });
}

function outcomesOf(law: Lab, program: Program, runs: readonly ExactCase[]): Promise<readonly RunOutcome[]> {
  return withLoaded(law, program, async (loaded) => {
    const outcomes: RunOutcome[] = [];
    for (const { run } of runs) outcomes.push(await runPlan(law, loaded, run));
    return outcomes;
  });
}

/** What is wrong with a case, or null: a device that throws at a smaller case fails it, too. */
async function differenceOf(lab: Lab, law: Lab, { program, run }: ExactCase): Promise<string | null> {
  try {
    return (await firstFailure(lab, law, { program, runs: [{ program, run }] }))?.difference ?? null;
  } catch (error) {
    // A device that does not answer in time would be asked again and again.
    if (error instanceof DeadlineMissed) throw error;
    return `thrown: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function smallestOf(
  { failing, difference }: Failure,
  { lab, law, place }: { readonly lab: Lab; readonly law: Lab; readonly place: string },
): Promise<Finding> {
  const differs = (text: string | null): boolean => text !== null && !text.startsWith('thrown');
  const { smallest, tried, finished } = await shrink(failing, {
    fails: async (smaller) =>
      'blocks' in lab.driver.plan(smaller.program) && differs(await differenceOf(lab, law, smaller)),
    timeMs: shrinkMs,
  });
  const again = await differenceOf(lab, law, smallest);
  const size = finished ? 'nothing smaller fails' : 'time was up for smaller ones';
  return {
    name: `${place} is equal to the bit`,
    ok: false,
    expected: 'the bits of the fixed law',
    actual: `${again ?? `${difference}, but not when run again`} — smallest of ${tried} tried (${size}): ${describeCase(smallest)}`,
  };
}
