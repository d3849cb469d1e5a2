/** Programs of the machine that build simulations. */
import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { RtlError } from '../rtl-design.ts';

const run = promisify(execFile);

/** The first line that a program prints of itself; undefined where it is not installed. */
export function programVersion(program: string, argument: string): string | undefined {
  const { status, stdout } = spawnSync(program, [argument], { encoding: 'utf8' });
  // Icarus says its version and fails for lack of sources.
  return status === null ? undefined : stdout.split('\n')[0];
}

/** Runs a program to its end. Rejects with RtlError, with what it printed, where it fails. */
export async function runProgram(program: string, args: readonly string[]): Promise<void> {
  try {
    await run(program, [...args], { maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stderr, stdout, message } = error as Error & { stderr?: string; stdout?: string };
    throw new RtlError(program, (stderr || stdout || message).trim());
  }
}
