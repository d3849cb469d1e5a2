/** Where and with what figures were taken. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

export interface MachineFacts {
  readonly processor: string;
  /** Threads that this process may use at once. */
  readonly threads: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  /** Of the checkout, with `+` when files differ from it; null outside of one. */
  readonly commit: string | null;
}

export function machineFacts(): MachineFacts {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${platform()} ${release()}`,
    node: process.version,
    commit: commitOf(import.meta.dirname),
  };
}

function commitOf(folder: string): string | null {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const commit = git('rev-parse', '--short=12', 'HEAD');
    return git('status', '--porcelain', '--untracked-files=no') === '' ? commit : `${commit}+`;
  } catch {
    return null;
  }
}
