import { longRun, moment } from '../../lab/long-run.ts';
import { outcomeOf } from '../../lab/outcome.ts';
import { type Finding, type LogicalCheck, TooFewSamples } from '../check.ts';
import { rejectsWith } from '../findings.ts';
import { loadHeldPattern } from '../held-pattern.ts';

/** What close() does to runs that are not over. */
export const closedInFlight: LogicalCheck = {
  plan: {
    id: 'life.closed',
    version: 1,
    row: 2,
    chapter: 'lifecycle',
    title: 'Runs in flight reject with DeviceClosedError when the device is closed.',
    how: 'Starts as many runs of 2^30 sweeps as the profile allows in flight, closes the device, and closes it once more while it closes.',
    kind: 'logical',
    statistic:
      'every run rejects with name DeviceClosedError and code "device-closed", under the brand of the contract; every close() resolves',
    samples: '3 devices',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['contract: Driver.close', 'contract: every promise settles'],
    needs: ['single-spin'],
    kills: ['errors-without-code'],
    blindTo: ['M47'],
    since: '0.1.0',
  },
  async run(c) {
    const findings: Finding[] = [];
    for (let n = 1; n <= 3; n++) {
      const random = c.random(`device ${n}`);
      const lab = await c.open();
      const { loaded } = await loadHeldPattern(c, lab, random);
      let settled = 0;
      const runs = Array.from({ length: c.profile.batch.inFlight }, async () => {
        const outcome = await outcomeOf(longRun(loaded, { seed: random.bits64() }));
        settled++;
        return outcome;
      });
      // Closing while a run starts, while it runs, and later.
      await moment(n === 1 ? 0 : 5 * n);
      if (settled > 0) {
        const [first] = await Promise.all(runs);
        if (first?.settled === 'rejected') throw first.reason;
        throw new TooFewSamples('2^30 sweeps were over before the device could be closed');
      }
      await Promise.all([lab.closeAsItIs(), lab.closeAsItIs()]);
      for (const [k, outcome] of (await Promise.all(runs)).entries()) {
        const error = { code: 'device-closed', name: 'DeviceClosedError' };
        findings.push(rejectsWith(`device ${n}, run ${k + 1} in flight`, outcome, error));
      }
    }
    return findings;
  },
};
