import { isIsinglassError } from '@isinglass/sdk';
import { longRun, moment } from '../../lab/long-run.ts';
import { type Outcome, outcomeOf } from '../../lab/outcome.ts';
import { misfitProgram } from '../../probes/misfit-program.ts';
import type { Finding, LogicalCheck } from '../check.ts';
import { errorText, must, rejectsWith, rejectsWithReason } from '../findings.ts';
import { loadHeldPattern } from '../held-pattern.ts';

/** Names by code, as the contract has them. */
const names: Readonly<Record<string, string>> = {
  'does-not-fit': 'DoesNotFitError',
  unsupported: 'UnsupportedError',
  'device-closed': 'DeviceClosedError',
};

/** Errors are for programs to read. */
export const obsErrors: LogicalCheck = {
  plan: {
    id: 'obs.errors',
    version: 1,
    row: 66,
    chapter: 'serialization',
    title: 'Errors of the contract carry its brand, their name and code, and tell no paths of the host.',
    how: 'A program that plan() refuses; a run whose program is unloaded; a run that is aborted; a run whose device is closed.',
    kind: 'logical',
    statistic: 'brand, name and code; the signal’s own reason for what was aborted; no absolute path in a message',
    samples: 'one error of each kind',
    resolution: { quick: 'any deviation', standard: 'any deviation', certify: 'any deviation' },
    level: 'quick',
    clauses: ['contract: Driver.close', 'contract: Driver.plan', 'architecture: errors'],
    needs: ['single-spin'],
    kills: ['errors-without-code'],
    blindTo: ['M47'],
    since: '0.1.0',
  },
  async run(c) {
    const random = c.random('errors');
    const lab = await c.open();
    const findings: Finding[] = [];
    const misfit = misfitProgram(lab.driver);
    if (misfit !== undefined) findings.push(...contractError('a program that does not fit', await lab.tryLoad(misfit)));

    const gone = await loadHeldPattern(c, lab, random);
    const unloaded = outcomeOf(longRun(gone.loaded, { seed: random.bits64() }));
    await moment(2);
    await lab.unload(gone.loaded.loaded);
    findings.push(...contractError('a run whose program is unloaded', await unloaded, 'device-closed'));

    const { loaded } = await loadHeldPattern(c, lab, random);
    const controller = new AbortController();
    const reason = new Error('not wanted any more');
    const aborted = outcomeOf(longRun(loaded, { seed: random.bits64(), signal: controller.signal }));
    await moment(2);
    controller.abort(reason);
    findings.push(rejectsWithReason('a run that is aborted', await aborted, reason));

    const closed = outcomeOf(longRun(loaded, { seed: random.bits64() }));
    await moment(2);
    await lab.closeAsItIs();
    findings.push(...contractError('a run whose device is closed', await closed, 'device-closed'));
    return findings;
  },
};

function contractError(name: string, outcome: Outcome<unknown>, wanted?: string): readonly Finding[] {
  if (outcome.settled === 'resolved') return [must(name, false, 'a rejection', 'resolved')];
  const { reason } = outcome;
  const code = wanted ?? (isIsinglassError(reason) && reason.code === 'unsupported' ? 'unsupported' : 'does-not-fit');
  const message = reason instanceof Error ? reason.message : '';
  return [
    rejectsWith(name, outcome, { code, name: names[code] as string }),
    must(`${name}: message`, message.length > 0 && !tellsPath(message), 'text without paths', errorText(reason)),
  ];
}

/** Home folders and drive letters; a path in a program or a profile is none. */
const tellsPath = (message: string): boolean =>
  /(^|[\s"'(])(\/(home|Users|root|tmp|var|usr)\/|[A-Za-z]:\\)/.test(message);
