/** What every command gets: where its result goes, when to stop, which backends and logger to use. */
import type { Backend, Logger } from '@isinglass/sdk';
import type { Command } from 'commander';
import { InterruptedError } from './output/error-report.ts';
import { createLogger, type LogLevel } from './output/logger.ts';

export interface CommandContext {
  /** Prints the one result of the command: the data under `--json`, the text otherwise. */
  result(data: unknown, text: () => string): void;
  /** The same with the data on one line, for results that end a longer output. */
  line(data: unknown, text: () => string): void;
  /** Makes this exit code the command's, though it ran to its end. */
  fail(exitCode: number): void;
  /**
   * Aborted by the first SIGINT; the second ends the process. A command that never looks at it keeps the system's
   * own answer to SIGINT, which is right for work that does not yield.
   */
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** The `--backend` modules in order, then `cpu` and `exec`, which the command line always brings; the first of a scheme wins. */
  backends(): Promise<readonly Backend[]>;
}

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly logLevel: LogLevel;
  readonly backend: readonly string[];
}

/** Makes a command's context from the command line. */
export type ContextOf = (command: Command) => CommandContext;

export function createContext(options: GlobalOptions, fail: (exitCode: number) => void): CommandContext {
  let signal: AbortSignal | undefined;
  return {
    result(data, text) {
      process.stdout.write(options.json ? `${JSON.stringify(data, null, 2)}\n` : text());
    },
    line(data, text) {
      process.stdout.write(options.json ? `${JSON.stringify(data)}\n` : text());
    },
    fail,
    get signal() {
      signal ??= interruptSignal();
      return signal;
    },
    logger: createLogger(options.logLevel),
    async backends() {
      const { loadBackendModule } = await import('@isinglass/sdk');
      const named = await Promise.all(options.backend.map((module) => loadBackendModule(module)));
      const { default: cpu } = await import('@isinglass/backend-cpu');
      const { execBackend } = await import('@isinglass/conformance/exec');
      return [...named, cpu, execBackend];
    },
  };
}

function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort(new InterruptedError('interrupted')));
  return controller.signal;
}
