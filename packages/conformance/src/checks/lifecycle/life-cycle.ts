import type { Finding, LogicalCheck } from '../check.ts';
import { loadHeldPattern, patternHolds } from '../held-pattern.ts';

/** Open, load, run, close, again and again. */
export const lifeCycle: LogicalCheck = {
  plan: {
    id: 'life.cycle',
    version: 1,
    row: 1,
    chapter: 'lifecycle',
    title: 'A device can be opened, used and closed again and again, and closing it twice is closing it once.',
    how: 'Each cycle opens a fresh device, loads 37 spins held at random signs by strong fields, runs, unloads, and closes twice.',
    kind: 'near-certain',
    statistic: 'every spin shows its sign by majority of sweeps; every call settles without error',
    samples: '8 cycles; 50 from standard on',
    resolution: {
      quick: 'a failure that comes with a cycle in 2',
      standard: 'a failure that comes with a cycle in 8',
      certify: 'a failure that comes with a cycle in 8',
    },
    level: 'quick',
    clauses: ['contract: Driver.close is idempotent', 'contract: every promise settles'],
    needs: ['single-spin'],
    kills: ['load-throws', 'close-never-settles', 'unload-never-settles', 'unhandled-rejection'],
    blindTo: ['M01', 'M04', 'M05'],
    conservative: 'a right device misses with probability below 1e-6 per cycle',
    since: '0.1.0',
  },
  async run(c) {
    const findings: Finding[] = [];
    for (let n = 1; n <= c.byLevel({ quick: 8, standard: 50, certify: 50 }); n++) {
      const random = c.random(`cycle ${n}`);
      const lab = await c.open();
      const pattern = await loadHeldPattern(c, lab, random);
      findings.push(await patternHolds(`cycle ${n}`, pattern, random));
      await lab.close();
      await lab.close();
    }
    return findings;
  },
};
