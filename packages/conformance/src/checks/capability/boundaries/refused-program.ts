import { isIsinglassError } from '@isinglass/sdk';
import type { Lab } from '../../../lab/lab.ts';
import { misfitProgram } from '../../../probes/misfit-program.ts';
import type { Finding } from '../../check.ts';
import { errorText, must } from '../../findings.ts';

/** What plan() refuses, load() rejects, with an error of the contract. A device that refuses nothing has nothing to show. */
export async function refusedProgram(lab: Lab): Promise<readonly Finding[]> {
  const program = misfitProgram(lab.driver);
  if (program === undefined) return [];
  const outcome = await lab.tryLoad(program);
  const name = 'a program that plan() refuses is rejected by load()';
  const expected = 'DoesNotFitError or UnsupportedError';
  if (outcome.settled === 'resolved') return [must(name, false, expected, 'loaded')];
  const { reason } = outcome;
  const ok = isIsinglassError(reason) && (reason.code === 'does-not-fit' || reason.code === 'unsupported');
  return [must(name, ok, expected, errorText(reason))];
}
