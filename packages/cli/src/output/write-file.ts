/**
 * Files that a command writes: complete or not at all. The bytes go to a temporary name in the same folder, which is
 * then renamed over the target. Whether the target can be written is checked before the work starts.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { InvalidRequestError } from '@isinglass/sdk';

/** Throws unless a file can be made where `path` says; makes none. */
export function checkWritable(path: string): void {
  if (isDirectory(path)) throw unwritable(path, new Error('it is a folder'));
  const probe = temporaryName(path);
  guarded(path, () => {
    closeSync(openSync(probe, 'wx'));
    rmSync(probe);
  });
}

/** Writes the whole file, replacing what was there; on failure what was there stays. */
export function writeFile(path: string, bytes: Uint8Array): void {
  const temporary = temporaryName(path);
  guarded(path, () => {
    const file = openSync(temporary, 'wx');
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } catch (error) {
      closeSync(file);
      rmSync(temporary, { force: true });
      throw error;
    }
    closeSync(file);
    try {
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  });
}

/** Makes the folder of a file that is about to be written. */
export function makeFolderOf(path: string): void {
  guarded(path, () => mkdirSync(dirname(resolve(path)), { recursive: true }));
}

function temporaryName(path: string): string {
  return join(dirname(resolve(path)), `.${basename(path)}.${process.pid}.tmp`);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function guarded(path: string, action: () => void): void {
  try {
    action();
  } catch (cause) {
    throw unwritable(path, cause as Error);
  }
}

function unwritable(path: string, cause: Error): InvalidRequestError {
  return new InvalidRequestError(`${path} cannot be written: ${cause.message}`, { where: path, cause });
}
