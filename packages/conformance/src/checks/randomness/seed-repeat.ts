/** Row 49: the same request gives the same bits, whatever ran before it or runs beside it. */
import type { LoadedProgram, Program } from '@isinglass/sdk';
import { firstDifference } from '../../exactness/first-difference.ts';
import { randomRun } from '../../exactness/random-run.ts';
import { type RunOutcome, type RunPlan, runPlan } from '../../exactness/run-plan.ts';
import { gridWithin, loadCoins } from '../../lab/coins.ts';
import type { Lab } from '../../lab/lab.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';

const repetitions = 20;

/** What happens before a repetition, or while it runs. */
const loads = [
  'nothing else',
  'another seed before it',
  'another run before it',
  'another program before it',
  'an aborted run before it',
  'the program loaded anew',
] as const;
const loadsInFlight = ['another run beside it', 'itself beside it'] as const;
type Load = (typeof loads)[number] | (typeof loadsInFlight)[number];

export const seedRepeat: LogicalCheck = {
  plan: {
    id: 'seed.repeat',
    version: 1,
    row: 49,
    chapter: 'randomness',
    title: 'The same request with the same seed gives the same bits, every time.',
    how: 'One run on a disguised grid, repeated 20 times: after other seeds, other runs, other programs, aborted runs and a new load; where the device declares `stable` and takes several runs at a time, also beside other runs; last, on a device opened anew.',
    kind: 'logical',
    statistic: 'Everything that the run returns: equality with the first time.',
    samples: 'Each kind of other work at least twice among 20 repetitions, in random order.',
    resolution: {
      quick: 'a single bit in one of 20 repetitions',
      standard: 'a single bit in one of 80 repetitions',
      certify: 'a single bit in one of 320 repetitions',
    },
    level: 'quick',
    clauses: ['6', '2'],
    needs: ['repeatable', 'single-spin', 'sweeps'],
    kills: ['M31', 'M32', 'M44'],
    blindTo: ['M28', 'M30'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('work');
    const lab = await c.open();
    const grid = await lab.loadProbe(gridWithin(c.profile, 5, 7, c.random('grid')), c.random('disguise'));
    const other = await loadCoins(lab, 9, c.random('other disguise'));
    const setting: Setting = { lab, program: grid.program, random, other: [other.program, other.loaded], c };
    const plan = longerRun(setting);
    const first = await runPlan(lab, grid.loaded, plan);
    const findings: Finding[] = [];
    let loaded = grid.loaded;
    for (const [n, load] of loadsOf(setting).entries()) {
      c.signal.throwIfAborted();
      if (load === 'the program loaded anew') {
        await lab.unload(loaded);
        loaded = await lab.load(grid.program);
      }
      const outcomes = await repeated(setting, loaded, plan, load);
      for (const outcome of outcomes) findings.push(same(setting, plan, `${n + 1}: ${load}`, outcome, first));
    }
    const fresh = await c.open();
    const again = await runPlan(fresh, await fresh.load(grid.program), plan);
    findings.push(same(setting, plan, 'a device opened anew', again, first));
    return findings;
  },
};

interface Setting {
  readonly lab: Lab;
  readonly program: Program;
  readonly random: RandomStream;
  readonly other: readonly [Program, LoadedProgram];
  readonly c: CheckContext;
}

/** Many bits: repetitions of a run that shows few of them would agree by chance. */
function longerRun({ program, random, c }: Setting): RunPlan {
  const { strideMin } = c.profile.readout;
  const plan = randomRun(program, random.fork('run'), { profile: c.profile, sweepsMax: 12 });
  const { next: _, ...run } = plan;
  const stride = Math.max(run.stride, strideMin);
  // A random start is where a state that was left behind would show.
  const start = c.profile.init.includes('random') ? ({ kind: 'random' } as const) : run.start;
  return {
    ...run,
    start,
    stride,
    sweeps: Math.max(run.sweeps, 6 * stride),
    burnIn: 0,
    sweepOffset: 0,
    temperatures: null,
    keep: 'host',
  };
}

function loadsOf({ random, c }: Setting): readonly Load[] {
  const atOnce = c.profile.batch.inFlight > 1 && ['stable', 'exact'].includes(c.profile.determinism);
  const kinds: readonly Load[] = atOnce ? [...loads, ...loadsInFlight] : loads;
  const count = c.byLevel({ quick: repetitions, standard: 4 * repetitions, certify: 16 * repetitions });
  return random.shuffled(Array.from({ length: count }, (_, n) => kinds[n % kinds.length] as Load));
}

async function repeated(
  setting: Setting,
  loaded: LoadedProgram,
  plan: RunPlan,
  load: Load,
): Promise<readonly RunOutcome[]> {
  const { lab, program, random, other, c } = setting;
  const another = (of: Program): RunPlan => randomRun(of, random.fork(`${random.word()}`), { profile: c.profile });
  switch (load) {
    case 'another seed before it':
      await runPlan(lab, loaded, { ...plan, seed: random.bits64() });
      break;
    case 'another run before it':
      await runPlan(lab, loaded, another(program));
      break;
    case 'another program before it':
      await runPlan(lab, other[1], another(other[0]));
      break;
    case 'an aborted run before it':
      await aborted(lab, loaded, { ...plan, seed: random.bits64() });
      break;
    case 'another run beside it': {
      const beside = [runPlan(lab, loaded, another(program)), runPlan(lab, loaded, plan)] as const;
      return [(await Promise.all(beside))[1]];
    }
    case 'itself beside it':
      return Promise.all([runPlan(lab, loaded, plan), runPlan(lab, loaded, plan)]);
    case 'nothing else':
    case 'the program loaded anew':
      break;
    default:
      return load satisfies never;
  }
  return [await runPlan(lab, loaded, plan)];
}

/** A run whose signal is aborted as soon as it was called. How it ends is a matter of conc.cancel; here it must only end. */
async function aborted(lab: Lab, loaded: LoadedProgram, { traced: _, next: __, ...run }: RunPlan): Promise<void> {
  const controller = new AbortController();
  const ended = Promise.allSettled([loaded.run({ ...run, keep: 'nothing', signal: controller.signal })]);
  controller.abort(new Error('no longer wanted'));
  await lab.within('an aborted run', ended);
}

function same({ program }: Setting, plan: RunPlan, name: string, outcome: RunOutcome, first: RunOutcome): Finding {
  const difference = firstDifference(program, plan, outcome, first);
  if (difference === null) return { name, ok: true };
  return { name, ok: false, expected: 'the bits of the first time', actual: difference };
}
