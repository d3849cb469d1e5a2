/** One virtual environment per peer, with pinned versions, made by the machine's own Python and pip. */
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';

export interface PythonEnvironment {
  /** The interpreter that sees the packages. */
  readonly python: string;
}

/**
 * The environment at `folder` with what `requirements` (a file for pip) lists, made where it is missing or was made from
 * other requirements. Rejects with CommandError where there is no Python, or pip cannot install.
 */
export async function pythonEnvironment(folder: string, requirements: string): Promise<PythonEnvironment> {
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  // Copied last, so an installation that was cut off is begun anew.
  const installed = join(folder, 'installed-requirements.txt');
  if ((await textOf(installed)) === (await textOf(requirements))) return { python };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await runCommand(process.env.PYTHON ?? 'python3', ['-m', 'venv', folder]);
  // No cache: the wheels are large and are not needed again.
  await runCommand(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '-r',
    requirements,
  ]);
  await copyFile(requirements, installed);
  return { python };
}

/** Undefined where there is no such file. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
