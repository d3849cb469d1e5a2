import {
  checkFit,
  type DeviceProfile,
  DoesNotFitError,
  isUnstated,
  type Misfit,
  misfitText,
  type Program,
} from '@isinglass/sdk';
import type { CompilerDiagnostic } from '../pipeline/diagnostic.ts';

/**
 * Throws DoesNotFitError whose diagnostics list every misfit with what is needed, what there is, and remedies. Limits that
 * the vendor does not publish cannot be checked: they come back as warnings.
 */
export function requireFit(program: Program, device: DeviceProfile): readonly CompilerDiagnostic[] {
  const findings = checkFit(program, device);
  const misfits = findings.filter((misfit) => !isUnstated(misfit));
  const diagnostics = findings.map(diagnosticOf);
  if (misfits.length === 0) return diagnostics;
  const texts = diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  throw new DoesNotFitError(`"${program.json.name}" does not fit "${device.name}": ${texts.join('; ')}`, {
    where: misfits[0]?.where ?? '',
    diagnostics,
  });
}

function diagnosticOf(misfit: Misfit): CompilerDiagnostic {
  const { needed, available, where, remedies } = misfit;
  const hint = remedies.length === 0 ? {} : { hint: remedies.join(', or ') };
  const message = misfitText(misfit);
  if (available === null) return { code: 'unstated-limit', severity: 'warning', message, where, needed, ...hint };
  return { code: 'misfit', severity: 'error', message, where, needed, available, ...hint };
}
