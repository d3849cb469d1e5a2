/** What the compiler finds: collected by every pass, thrown together when one of them is an error. */
import { type Diagnostic, type ErrorDetails, InvalidModelError, InvalidRequestError } from '@isinglass/sdk';

/** A finding with the numbers behind it and the way out. */
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
  const { message, details } = summary(diagnostics, 'the model cannot be compiled');
  return new InvalidModelError(message, details);
}

/** The same for what a caller gave as data (plain Ising problems): an InvalidRequestError. */
export function requestError(diagnostics: readonly CompilerDiagnostic[]): InvalidRequestError {
  const { message, details } = summary(diagnostics, 'the problem cannot be compiled');
  return new InvalidRequestError(message, details);
}

function summary(
  diagnostics: readonly CompilerDiagnostic[],
  fallback: string,
): { readonly message: string; readonly details: ErrorDetails } {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const hint = first?.hint === undefined ? '' : `; ${first.hint}`;
  return {
    message: `${first?.message ?? fallback}${hint}${more}`,
    details: { ...(first?.where === undefined ? {} : { where: first.where }), diagnostics },
  };
}
