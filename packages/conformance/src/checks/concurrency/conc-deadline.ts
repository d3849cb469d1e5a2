import { longRun, moment } from '../../lab/long-run.ts';
import { type Outcome, outcomeOf } from '../../lab/outcome.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { must, rejectsWithReason } from '../findings.ts';
import { loadHeldPattern, patternHolds } from '../held-pattern.ts';

/** Nothing waits for ever. */
export const concDeadline: LogicalCheck = {
  plan: {
    id: 'conc.deadline',
    version: 1,
    row: 60,
    chapter: 'concurrency',
    title: 'Every promise settles: deadlines are honoured, waiting runs can leave, and unloading ends what runs.',
    how: 'A run under AbortSignal.timeout; as many runs in flight as the profile allows, aborted from the last to the first and from the first to the last; a run that is waited for behind one that is aborted; runs in flight while their program is unloaded; loads aborted before and meanwhile.',
    kind: 'near-certain',
    statistic:
      'every promise settles within the deadline of a call, with the reason of its signal where it was aborted; runs that were not aborted show their pattern; nothing is left rejected and unhandled',
    samples: '3 rounds',
    resolution: { quick: 'any promise', standard: 'any promise', certify: 'any promise' },
    level: 'quick',
    clauses: ['contract: every promise settles', 'contract: at most batch.inFlight unsettled'],
    needs: ['single-spin'],
    kills: ['M47', 'M52'],
    blindTo: ['M32', 'M46'],
    conservative: 'a right device misses with probability below 2e-5',
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('runs');
    const lab = await c.open();
    const findings: Finding[] = [];
    const inFlight = Math.min(8, c.profile.batch.inFlight);
    for (let round = 1; round <= 3; round++) {
      const pattern = await loadHeldPattern(c, lab, random);
      const start = (signal: AbortSignal): Promise<Outcome<unknown>> =>
        outcomeOf(longRun(pattern.loaded, { seed: random.bits64(), signal }));

      const deadline = AbortSignal.timeout(20);
      const late = await start(deadline);
      findings.push(rejectsWithReason(`round ${round}: a run with a deadline`, late, deadline.reason));

      for (const order of ['first', 'last'] as const) {
        const controllers = Array.from({ length: inFlight }, () => new AbortController());
        const reasons = controllers.map((_, n) => new Error(`run ${n} is not wanted`));
        const running = controllers.map(({ signal }) => start(signal));
        await moment(2);
        const entries = [...controllers.entries()];
        for (const [n, controller] of order === 'first' ? entries : entries.reverse()) controller.abort(reasons[n]);
        for (const [n, outcome] of (await Promise.all(running)).entries()) {
          findings.push(rejectsWithReason(`round ${round}: run ${n}, aborted ${order} first`, outcome, reasons[n]));
        }
      }
      if (inFlight > 1) {
        const controller = new AbortController();
        const ahead = start(controller.signal);
        const behind = patternHolds(`round ${round}: a run behind an aborted one`, pattern, random);
        await moment(1);
        controller.abort(new Error('make way'));
        findings.push(rejectsWithReason(`round ${round}: the run ahead`, await ahead, controller.signal.reason));
        findings.push(await behind);
      }
      const loading = new AbortController();
      const load = lab.tryLoad(pattern.loaded.program, loading.signal);
      loading.abort(new Error('the load is not wanted'));
      await load;

      const held = Array.from({ length: inFlight }, () => start(new AbortController().signal));
      await moment(2);
      await lab.unload(pattern.loaded.loaded);
      for (const [n, { settled }] of (await Promise.all(held)).entries()) {
        findings.push(
          must(`round ${round}: run ${n} of what was unloaded`, settled === 'rejected', 'rejected', settled),
        );
      }
    }
    const last = await loadHeldPattern(c, lab, random);
    return [...findings, await patternHolds('a run after all', last, random)];
  },
};
