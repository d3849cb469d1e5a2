/** What the compiler finds: collected by every pass, thrown together when one of them is an error. */
import { type Diagnostic, InvalidModelError } from '@isinglass/sdk';

export interface CompilerDiagnostic extends Diagnostic {
  readonly needed?: number;
  readonly available?: number;
  /** What the user can do. */
  readonly hint?: string;
  /** Other places that matter: ONNX nodes, couplings. */
  readonly related?: readonly string[];
}

/** One InvalidModelError for all errors among the diagnostics; its message is the first, `diagnostics` has them all. */
export function compileError(diagnostics: readonly CompilerDiagnostic[]): InvalidModelError {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const hint = first?.hint === undefined ? '' : `; ${first.hint}`;
  return new InvalidModelError(`${first?.message ?? 'the model cannot be compiled'}${hint}${more}`, {
    ...(first?.where === undefined ? {} : { where: first.where }),
    diagnostics,
  });
}
