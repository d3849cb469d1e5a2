/** How the result of a pass, or its failure, comes from the child process: as JSON. */
import { type ErrorCode, IsinglassError, isIsinglassError } from '@isinglass/sdk';
import type { BenchRow } from '../rows/bench-row.ts';

export type PassAnswer =
  | { readonly row: BenchRow }
  | {
      readonly error: { readonly code: ErrorCode | null; readonly message: string; readonly stack: string | undefined };
    };

export function answerOfError(error: unknown): PassAnswer {
  const code = isIsinglassError(error) ? error.code : null;
  if (!(error instanceof Error)) return { error: { code, message: String(error), stack: undefined } };
  return { error: { code, message: error.message, stack: error.stack } };
}

/** The row, or throws the error again, with its code. */
export function rowOfAnswer(answer: PassAnswer, what: string): BenchRow {
  if ('row' in answer) return answer.row;
  const { code, message, stack } = answer.error;
  const text = `${what}: ${message}`;
  const error = code === null ? new Error(text) : new IsinglassError(code, text);
  // Where it was thrown, not where it was received.
  if (code === null && stack !== undefined) error.stack = stack;
  throw error;
}
