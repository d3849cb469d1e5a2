/** Runs a program to its end without a shell; its output comes back, or in the error when it fails. */
import { spawnSync } from 'node:child_process';

export interface CommandOptions {
  readonly cwd: string;
  /** Folders put before the inherited PATH. */
  readonly path?: readonly string[];
  readonly timeoutMs?: number;
}

export function command(program: string, args: readonly string[], o: CommandOptions): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: o.cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: o.timeoutMs ?? 240_000,
    env: { ...process.env, NO_COLOR: '1', PATH: [...(o.path ?? []), process.env.PATH].join(':') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}
