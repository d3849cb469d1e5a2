import type { Lab } from '../../lab/lab.ts';
import { longRun, moment } from '../../lab/long-run.ts';
import { outcomeOf } from '../../lab/outcome.ts';
import { misfitProgram } from '../../probes/misfit-program.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import type { CheckContext } from '../check-context.ts';
import { type HeldPattern, loadHeldPattern, patternHolds } from '../held-pattern.ts';

/** A run that is right after something went wrong. */
export const lifeRecover: LogicalCheck = {
  plan: {
    id: 'life.recover',
    version: 1,
    row: 4,
    chapter: 'lifecycle',
    title: 'After a rejected call or an aborted run the next run is right.',
    how: 'Provokes one failure of each kind (a load that was aborted before it began, a load while it is aborted, a program that plan() refuses, a run that was aborted before it began, one aborted at work), then runs the program that was loaded before, and one loaded after.',
    kind: 'near-certain',
    statistic: 'every spin of either program shows its sign, by majority of sweeps',
    samples: '5 kinds of failure, twice each',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['contract: a cancelled run leaves the device usable', 'contract: Driver.load'],
    needs: ['single-spin'],
    kills: ['M48'],
    blindTo: ['M44', 'M47'],
    conservative: 'a right device misses with probability below 2e-5',
    since: '0.1.0',
  },
  async run(c) {
    const findings: Finding[] = [];
    const lab = await c.open();
    const random = c.random('programs');
    const before = await loadHeldPattern(c, lab, random);
    for (const failure of failures) {
      for (let n = 1; n <= 2; n++) {
        if (!(await failure.provoke(c, { lab, pattern: before, random }))) continue;
        findings.push(await patternHolds(`the same program after ${failure.name}, ${n}`, before, random));
        const after = await loadHeldPattern(c, lab, random);
        findings.push(await patternHolds(`another program after ${failure.name}, ${n}`, after, random));
        await lab.unload(after.loaded.loaded);
      }
    }
    return findings;
  },
};

interface Failure {
  readonly name: string;
  /** False where the device has no such failure. */
  provoke(
    c: CheckContext,
    o: { readonly lab: Lab; readonly pattern: HeldPattern; readonly random: RandomStream },
  ): Promise<boolean>;
}

const failures: readonly Failure[] = [
  {
    name: 'a load that was aborted before',
    async provoke(_, { lab, pattern }) {
      const signal = AbortSignal.abort(new Error('aborted before'));
      await lab.tryLoad(pattern.loaded.program, signal);
      return true;
    },
  },
  {
    name: 'a load aborted meanwhile',
    async provoke(_, { lab, pattern }) {
      const controller = new AbortController();
      const loading = lab.tryLoad(pattern.loaded.program, controller.signal);
      await moment(0);
      controller.abort(new Error('aborted meanwhile'));
      await loading;
      return true;
    },
  },
  {
    name: 'a program that does not fit',
    async provoke(_, { lab }) {
      const misfit = misfitProgram(lab.driver);
      if (misfit === undefined) return false;
      await lab.tryLoad(misfit);
      return true;
    },
  },
  {
    name: 'a run that was aborted before',
    async provoke(_, { pattern, random }) {
      const signal = AbortSignal.abort(new Error('aborted before'));
      await outcomeOf(longRun(pattern.loaded, { seed: random.bits64(), signal }));
      return true;
    },
  },
  {
    name: 'a run aborted at work',
    async provoke(_, { pattern, random }) {
      const controller = new AbortController();
      const running = outcomeOf(longRun(pattern.loaded, { seed: random.bits64(), signal: controller.signal }));
      await moment(3);
      controller.abort(new Error('aborted at work'));
      await running;
      return true;
    },
  },
];
