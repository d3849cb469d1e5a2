/** Runs the real command line as a child process, as a script would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
export const workspace = fileURLToPath(new URL('../../../', import.meta.url));
export const modelFolder = `${workspace}models/mnist-1block/`;
export const vectorFolder = `${workspace}packages/sdk/test/fixtures/oracle/`;

export interface Finished {
  /** The exit code; null after a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  /** Default: the workspace. */
  readonly cwd?: string;
  /** Called with the process and everything on standard error so far, whenever there is more. */
  readonly onStderr?: (child: ChildProcess, text: string) => void;
  /** In a group of processes of its own, as a shell starts it: a terminal’s interrupt goes to all of them. Default: false. */
  readonly group?: boolean;
}

/** `isinglass …args`, to its end. */
export function isinglass(
  args: readonly string[],
  { cwd = workspace, onStderr, group = false }: StartOptions = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: group });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr?.(child, stderr);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

/** With `--json`: the one document on standard output; throws when there is anything else. */
export async function isinglassJson<T>(
  args: readonly string[],
  o?: StartOptions,
): Promise<{ readonly code: number | null; readonly json: T; readonly stderr: string }> {
  const { code, stdout, stderr } = await isinglass([...args, '--json'], o);
  return { code, json: JSON.parse(stdout) as T, stderr };
}

/** Writes the vendor's backend of the fixtures into a folder outside the workspace; gives its path. */
export const installWrappedBackend = (folder: string): string => install('wrapped-backend.js', folder);

/** The same for the provider of devices that misbehave. */
export const installBrokenProvider = (folder: string): string => install('broken-provider.js', folder);

function install(name: string, folder: string): string {
  const source = readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
  const cpu = pathToFileURL(join(workspace, 'packages/backend-cpu/src/index.ts')).href;
  const path = join(folder, name);
  writeFileSync(path, source.replace("'@isinglass/backend-cpu'", JSON.stringify(cpu)));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  return path;
}
