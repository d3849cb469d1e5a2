import type { Program } from '@isinglass/sdk';
import type { Lab } from '../../lab/lab.ts';
import { moment } from '../../lab/long-run.ts';
import { disguiseAs, layoutsOf } from '../../probes/disguise.ts';
import { fittedProbe } from '../../probes/fitted-probe.ts';
import { misfitProgram } from '../../probes/misfit-program.ts';
import { lawOf } from '../../probes/plain-program.ts';
import { probeProgram } from '../../probes/probe-program.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { rejectsWithReason } from '../findings.ts';
import { type HeldPattern, loadHeldPattern, patternHolds } from '../held-pattern.ts';
import { heldProbe, strongField } from '../strong-fields.ts';

/** A load that fails leaves what was loaded as it was. */
export const loadAtomic: LogicalCheck = {
  plan: {
    id: 'load.atomic',
    version: 1,
    row: 14,
    chapter: 'loading',
    title: 'A failed load leaves the program that was loaded before in force.',
    how: 'With one program loaded, loads the program of opposite fields and aborts it: before the call, in the same turn, one turn later, 1 ms later; then a program that plan() refuses. The first program runs after each, and while the load is under way.',
    kind: 'near-certain',
    statistic:
      'every spin shows the sign of the first program, by majority of sweeps; a load aborted before the call rejects with the reason of its signal',
    samples: '4 moments of abortion, 3 times each; one refused program',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['contract: Driver.load', 'contract: every promise settles'],
    needs: ['single-spin'],
    kills: ['M48'],
    blindTo: ['M44'],
    conservative: 'a right device misses with probability below 3e-5',
    since: '0.1.0',
  },
  async run(c) {
    const lab = await c.open();
    const random = c.random('programs');
    const pattern = await loadHeldPattern(c, lab, random);
    const opposite = oppositeOf(lab, pattern, random);
    const findings: Finding[] = [];
    for (const delay of [null, 0, 'turn', 1] as const) {
      for (let n = 1; n <= 3; n++) {
        const name = `load aborted ${delay === null ? 'before' : delay === 'turn' ? 'a turn later' : `after ${delay} ms`}`;
        const controller = new AbortController();
        const reason = new Error('the load is not wanted any more');
        if (delay === null) controller.abort(reason);
        const loading = lab.tryLoad(opposite, controller.signal);
        const during = patternHolds(`${name}, a run meanwhile`, pattern, random);
        if (delay === 'turn') await moment(0);
        else if (delay !== null && delay > 0) await moment(delay);
        controller.abort(reason);
        const outcome = await loading;
        if (delay === null) findings.push(rejectsWithReason(name, outcome, reason));
        findings.push(await during);
        findings.push(await patternHolds(`${name}, a run after it`, pattern, random));
      }
    }
    const misfit = misfitProgram(lab.driver);
    if (misfit !== undefined) {
      await lab.tryLoad(misfit);
      findings.push(await patternHolds('a run after a refused program', pattern, random));
    }
    return findings;
  },
};

/** The same spins, held at the other signs. */
function oppositeOf(lab: Lab, { signs }: HeldPattern, random: RandomStream): Program {
  const { profile } = lab;
  const probe = fittedProbe(
    heldProbe(
      signs.map((sign) => -sign),
      strongField(profile),
      random,
    ),
    profile,
  );
  const disguise = disguiseAs(probe, random.pick(layoutsOf(profile)), random);
  return probeProgram(probe, disguise, profile, { law: lawOf(profile) });
}
