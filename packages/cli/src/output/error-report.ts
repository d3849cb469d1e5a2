/** What a failed command prints and with which code it ends. */
import { type Diagnostic, isIsinglassError } from '@isinglass/sdk';
import { CommanderError } from 'commander';

/** 0 ok, 1 failed, 2 bad usage or input, 130 ended by the user (SIGINT). */
export const exitCodes = { ok: 0, failed: 1, badInput: 2, interrupted: 130 } as const;

/** The document that `--json` prints for an error. */
export interface ErrorReport {
  readonly error: {
    /** A code of the sdk, or `usage`, `interrupted`, `internal`. */
    readonly code: string;
    readonly message: string;
    readonly where: string | null;
    readonly diagnostics: readonly Diagnostic[];
  };
}

/** The user ended the command. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** An error of another process of the command, as that process reports it. */
export class ReportedError extends Error {
  override readonly name = 'ReportedError';
  readonly report: ErrorReport;

  constructor(report: ErrorReport) {
    super(report.error.message);
    this.report = report;
  }
}

const badInputCodes = new Set(['usage', 'invalid-model', 'invalid-program', 'invalid-request']);

export function errorReport(error: unknown): ErrorReport {
  if (error instanceof CommanderError) {
    // Commander shows its help where no command is named, and says nothing of why.
    const noCommand = error.code === 'commander.help';
    return report('usage', noCommand ? 'no command is named' : error.message.replace(/^error: /, ''));
  }
  if (error instanceof ReportedError) return error.report;
  if (error instanceof InterruptedError) return report('interrupted', error.message);
  if (isIsinglassError(error)) return report(error.code, error.message, error.where, error.diagnostics);
  return report('internal', error instanceof Error ? error.message : String(error));
}

export function exitCodeOf({ error }: ErrorReport): number {
  if (error.code === 'interrupted') return exitCodes.interrupted;
  return badInputCodes.has(error.code) ? exitCodes.badInput : exitCodes.failed;
}

/** For people: the message, one line per diagnostic that says more than the message does, and what helps. */
export function formatError({ error }: ErrorReport): string {
  const several = error.diagnostics.filter((d) => !error.message.includes(d.message));
  const hints = new Set(error.diagnostics.flatMap(hintsOf).map((hint) => `  try: ${hint}\n`));
  const lines = several.map((d) => `  ${d.code} ${d.where === undefined ? '' : `${d.where}: `}${d.message}\n`);
  return `isinglass: ${error.message}\n${[...lines, ...hints].join('')}`;
}

/** The compiler's diagnostics say what helps. */
function hintsOf(diagnostic: Diagnostic & { readonly hint?: unknown }): readonly string[] {
  return typeof diagnostic.hint === 'string' ? [diagnostic.hint] : [];
}

function report(code: string, message: string, where?: string, diagnostics: readonly Diagnostic[] = []): ErrorReport {
  return { error: { code, message, where: where ?? null, diagnostics } };
}
