/** Faults of verdicts and of the runner. */
import type { Check } from '../checks/check.ts';
import type { CheckContext } from '../checks/check-context.ts';
import { RandomStream } from '../random/random-stream.ts';
import type { StageResult } from '../suite/decision.ts';
import type { MetaFault } from './meta-fault.ts';
import type { RunCheck } from './pieces.ts';

type ContextChange = (c: CheckContext, o: { readonly check: Check; readonly seed: bigint }) => CheckContext;

/** The runner, as if the contexts that it gives to checks were others. */
const runningIn =
  (runCheck: RunCheck, change: ContextChange): RunCheck =>
  (check, o) => {
    const changed = (c: CheckContext): CheckContext => change(c, { check, seed: o.seed });
    return runCheck(
      'sample' in check
        ? { plan: check.plan, sample: (c) => check.sample(changed(c)) }
        : { plan: check.plan, run: (c) => check.run(changed(c)) },
      o,
    );
  };

/** The runner, as if what the device throws or leaves hanging were `verdict`. */
const forgiving =
  (runCheck: RunCheck, verdict: 'unsupported' | 'inconclusive' | 'pass'): RunCheck =>
  async (check, o) => {
    let threw = false;
    const watched = <T>(running: Promise<T>): Promise<T> =>
      running.catch((error: unknown) => {
        threw = true;
        throw error;
      });
    const found = await runCheck(
      'sample' in check
        ? { plan: check.plan, sample: (c) => watched(check.sample(c)) }
        : { plan: check.plan, run: (c) => watched(check.run(c)) },
      o,
    );
    return threw && found === 'fail' ? verdict : found;
  };

/** The check, with what it found the first time for ever. */
function remembering(check: Check): Check {
  if ('sample' in check) {
    let first: ReturnType<typeof check.sample> | undefined;
    return {
      plan: check.plan,
      sample(c) {
        first ??= check.sample(c);
        return first;
      },
    };
  }
  let first: ReturnType<typeof check.run> | undefined;
  return {
    plan: check.plan,
    run(c) {
      first ??= check.run(c);
      return first;
    },
  };
}

const withoutNeeds = (check: Check): Check =>
  'sample' in check
    ? { plan: { ...check.plan, needs: [] }, sample: (c) => check.sample(c) }
    : { plan: { ...check.plan, needs: [] }, run: (c) => check.run(c) };

const flipped = (stage: StageResult): StageResult =>
  stage.kind === 'hypotheses'
    ? { ...stage, hypotheses: stage.hypotheses.map((each) => ({ ...each, p: 1 - each.p })) }
    : stage;

export const runnerMetaFaults: readonly MetaFault[] = [
  {
    name: 'p-values are compared with the level the wrong way round',
    kind: 'inverted comparison',
    caughtBy: ['decision.table'],
    plant: (pieces) => ({ ...pieces, decide: (kind, stages) => pieces.decide(kind, stages.map(flipped)) }),
  },
  {
    name: 'the runner takes pass for fail',
    kind: 'inverted comparison',
    caughtBy: ['runner.healthy', 'runner.faults'],
    plant: (pieces) => ({
      ...pieces,
      async runCheck(check, o) {
        const verdict = await pieces.runCheck(check, o);
        if (verdict === 'pass') return 'fail';
        return verdict === 'fail' ? 'pass' : verdict;
      },
    }),
  },
  {
    name: 'every decision is a pass',
    kind: 'always passes',
    caughtBy: ['decision.table', 'decision.earned'],
    plant: (pieces) => ({ ...pieces, decide: () => ({ verdict: 'pass', against: [] }) }),
  },
  {
    name: 'the runner passes whatever the check says',
    kind: 'always passes',
    caughtBy: ['runner.faults', 'runner.exceptions'],
    plant: (pieces) => ({
      ...pieces,
      async runCheck(check, o) {
        const verdict = await pieces.runCheck(check, o);
        return verdict === 'fail' ? 'pass' : verdict;
      },
    }),
  },
  {
    name: 'checks that find nothing pass',
    kind: 'always passes',
    caughtBy: ['runner.suite-errors'],
    plant: (pieces) => ({ ...pieces, runCheck: (check, o) => pieces.runCheck(check, o).catch(() => 'pass') }),
  },
  {
    name: 'no check gets more than 1000 samples',
    kind: 'clipped samples',
    caughtBy: ['runner.samples'],
    plant: (pieces) => ({
      ...pieces,
      runCheck: runningIn(pieces.runCheck, (c) => ({ ...c, samples: (n) => Math.min(1000, c.samples(n)) })),
    }),
  },
  {
    name: 'a confirmation gets no more samples than the screen',
    kind: 'clipped samples',
    caughtBy: ['runner.samples'],
    plant: (pieces) => ({ ...pieces, runCheck: runningIn(pieces.runCheck, (c) => ({ ...c, samples: (n) => n })) }),
  },
  ...(['unsupported', 'inconclusive', 'pass'] as const).map(
    (verdict): MetaFault => ({
      name: `exceptions of the device are: ${verdict}`,
      kind: 'skip instead of fail',
      caughtBy: ['runner.exceptions'],
      plant: (pieces) => ({ ...pieces, runCheck: forgiving(pieces.runCheck, verdict) }),
    }),
  ),
  {
    name: 'an error in a stage is inconclusive',
    kind: 'skip instead of fail',
    caughtBy: ['decision.table'],
    plant: (pieces) => ({
      ...pieces,
      decide: (kind, stages) =>
        stages.some((stage) => stage.kind === 'error')
          ? { verdict: 'inconclusive', against: [] }
          : pieces.decide(kind, stages),
    }),
  },
  {
    name: 'all runs have one seed',
    kind: 'fixed seed',
    caughtBy: ['runner.seeds'],
    plant: (pieces) => ({ ...pieces, runCheck: (check, o) => pieces.runCheck(check, { ...o, seed: 7n }) }),
  },
  {
    name: 'a confirmation has the seeds of the screen',
    kind: 'fixed seed',
    caughtBy: ['runner.seeds'],
    plant: (pieces) => ({
      ...pieces,
      runCheck: runningIn(pieces.runCheck, (c, { check, seed }) => ({
        ...c,
        random: (name) => new RandomStream(seed, `${check.plan.id}/${name}`),
      })),
    }),
  },
  {
    name: 'all streams of a stage are one',
    kind: 'fixed seed',
    caughtBy: ['runner.seeds'],
    plant: (pieces) => ({
      ...pieces,
      runCheck: runningIn(pieces.runCheck, (c) => ({ ...c, random: () => c.random('only') })),
    }),
  },
  {
    name: 'all checks have the same streams',
    kind: 'fixed seed',
    caughtBy: ['runner.seeds'],
    plant: (pieces) => ({
      ...pieces,
      runCheck: runningIn(pieces.runCheck, (c, { seed }) => ({
        ...c,
        random: (name) => new RandomStream(seed, `${c.stage}/${name}`),
      })),
    }),
  },
  {
    name: 'a case that fails is run again, up to three times',
    kind: 'retries until green',
    caughtBy: ['runner.samples', 'runner.seeds'],
    plant: (pieces) => ({
      ...pieces,
      async runCheck(check, o) {
        const first = await pieces.runCheck(check, o);
        if (first !== 'fail') return first;
        const second = await pieces.runCheck(check, { ...o, seed: o.seed + 1n });
        return second === 'fail' ? pieces.runCheck(check, { ...o, seed: o.seed + 2n }) : second;
      },
    }),
  },
  {
    name: 'a confirmation looks at the samples of the screen again',
    kind: 'no fresh confirmation',
    caughtBy: ['runner.second-stage', 'runner.samples', 'runner.seeds'],
    plant: (pieces) => ({ ...pieces, runCheck: (check, o) => pieces.runCheck(remembering(check), o) }),
  },
  {
    name: 'checks run without what they need',
    kind: 'needs ignored',
    caughtBy: ['runner.unsupported'],
    plant: (pieces) => ({ ...pieces, runCheck: (check, o) => pieces.runCheck(withoutNeeds(check), o) }),
  },
];
