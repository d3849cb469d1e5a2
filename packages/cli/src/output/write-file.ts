/**
 * Files that a command writes: complete or not at all. The bytes go to a temporary name in the same folder, which is
 * then renamed over the target (through a symbolic link: over what it points to). What is no regular file, such as
 * /dev/null or a pipe, is written to as it is. Whether the target can be written is checked before the work starts.
 */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InvalidRequestError } from '@isinglass/sdk';

/** Throws unless a file can be made where `path` says, or when it would replace one of `inputs`; makes none. */
export function checkWritable(path: string, inputs: readonly (string | undefined)[] = []): void {
  if (path === '') throw unwritable('""', new Error('the name is empty'));
  const found = guarded(path, () => statSync(path, { throwIfNoEntry: false }));
  if (found?.isDirectory() === true) throw unwritable(path, new Error('it is a folder'));
  for (const input of inputs) {
    if (input === undefined || found === undefined || !found.isFile() || !isSameFile(input, found)) continue;
    throw unwritable(path, new Error(`it is the input ${input}, which would be lost`));
  }
  guarded(path, () => {
    if (found !== undefined && !found.isFile()) return accessSync(path, constants.W_OK);
    const probe = temporaryName(targetOf(path));
    closeSync(openSync(probe, 'wx'));
    rmSync(probe);
  });
}

/** Writes the whole file, replacing what was there; on failure what was there stays. */
export function writeFile(path: string, bytes: Uint8Array): void {
  guarded(path, () => {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isFile() === false && !found.isDirectory()) return writeAll(path, 'w', bytes);
    const target = targetOf(path);
    const temporary = temporaryName(target);
    try {
      writeAll(temporary, 'wx', bytes);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

function writeAll(path: string, flags: 'w' | 'wx', bytes: Uint8Array): void {
  const file = openSync(path, flags);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    // Only a file of its own is flushed to the disk: devices and pipes cannot be.
    if (flags === 'wx') fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Where a symbolic link leads; the path itself where nothing is yet. */
export function targetOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? resolve(path) : realpathSync(path);
}

/** In the folder of the file, of this process alone. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
}

/** Under whatever name; an input that is not there is its reader's to report. */
function isSameFile(input: string, { dev, ino }: Stats): boolean {
  try {
    const other = statSync(input);
    return other.dev === dev && other.ino === ino;
  } catch {
    return false;
  }
}

/** What goes wrong in `action` as an InvalidRequestError that names the file. */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw unwritable(path, cause as Error);
  }
}

function unwritable(path: string, cause: Error): InvalidRequestError {
  return new InvalidRequestError(`${path} cannot be written: ${cause.message}`, { where: path, cause });
}
