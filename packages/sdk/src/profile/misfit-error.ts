/** How misfits are said, wherever a program is refused: by a device, by the compiler, on the command line. */
import type { Misfit } from '../contract/driver.ts';
import { type Diagnostic, DoesNotFitError, UnsupportedError } from '../errors/isinglass-error.ts';
import type { Program } from '../program/program.ts';

/** The fact and the numbers; remedies are not part of it. */
export function misfitText({ limit, needed, available, where }: Misfit): string {
  if (available === null) return `${where} needs ${limit} ${needed}; the device does not publish its limit`;
  // Needed 1, available 0: something that a device has or has not.
  if (needed === 1 && available === 0) return `the device lacks ${limit}, which ${where} needs`;
  return `${where} needs ${limit} ${needed}, the device has ${available}`;
}

/**
 * The error of a program that does not fit: UnsupportedError where the device lacks a feature, else DoesNotFitError. Every
 * misfit is a diagnostic with its limit as code; one that rests on an unpublished limit is a warning.
 */
export function misfitError(
  program: Pick<Program, 'json'>,
  device: string,
  misfits: readonly Misfit[],
): DoesNotFitError | UnsupportedError {
  const diagnostics = misfits.map(
    (misfit): Diagnostic => ({
      code: misfit.limit,
      severity: misfit.available === null ? 'warning' : 'error',
      message: [misfitText(misfit), ...misfit.remedies.map((remedy) => `try: ${remedy}`)].join('; '),
      where: misfit.where,
    }),
  );
  const facts = misfits.map(misfitText).join('; ');
  const text = `program "${program.json.name}" does not fit device "${device}": ${facts}`;
  const lacking = misfits.find(({ limit, available }) => limit.startsWith('features.') && available !== null);
  if (lacking !== undefined) {
    return new UnsupportedError(lacking.limit.slice('features.'.length), text, { where: lacking.where, diagnostics });
  }
  return new DoesNotFitError(text, { where: misfits[0]?.where ?? 'program', diagnostics });
}
