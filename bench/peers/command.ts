/** Other programs, run without a shell: what they print, or an error that says what they said. */
import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly signal?: AbortSignal;
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ended after this long. Default: never. */
  readonly timeoutMs?: number;
}

/** A program that is absent, failed, or was ended. `message` holds the last line it wrote to stderr. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/** Standard output. Rejects with CommandError, or with the signal's reason. */
export async function runCommand(program: string, args: readonly string[], o: CommandOptions = {}): Promise<string> {
  o.signal?.throwIfAborted();
  const child = spawn(program, args, {
    cwd: o.cwd,
    env: { ...process.env, ...o.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(o.signal === undefined ? {} : { signal: o.signal }),
    ...(o.timeoutMs === undefined ? {} : { timeout: o.timeoutMs }),
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.on('error', (error) =>
    reject(o.signal?.aborted ? o.signal.reason : new CommandError(`${program}: ${error.message}`)),
  );
  child.on('close', (code, ended) => {
    if (code === 0) resolve(Buffer.concat(out).toString());
    else
      reject(
        new CommandError(
          `${program} ended with ${ended ?? `status ${code}`}: ${lastLine(Buffer.concat(err).toString())}`,
        ),
      );
  });
  return promise;
}

/** The last line that is not blank: where pip, Python and cargo put the reason. */
function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
