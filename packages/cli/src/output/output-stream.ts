/**
 * Bytes that a command writes piece by piece: to a file, which is there when it is complete or not at all, or to standard output. Writing waits for
 * the reader of a pipe without keeping the command from hearing an interrupt.
 */
import { close, fsync, open, renameSync, rmSync, statSync, write } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { guarded, targetOf, temporaryName } from './write-file.ts';

export interface OutputStream {
  /** One at a time. Rejects with EPIPE where the reader of a pipe has gone. */
  write(bytes: Uint8Array): Promise<void>;
  /** Everything is written: now the file is there. */
  finish(): Promise<void>;
  /** It will not be complete: what was there before stays. */
  discard(): void;
}

/** Without a path: standard output. Throws InvalidRequestError where the file cannot be made. */
export async function openOutput(path: string | undefined): Promise<OutputStream> {
  if (path === undefined) return { write: (bytes) => writeAll(1, bytes), finish: async () => {}, discard() {} };
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;
  const target = guarded(path, () => targetOf(path));
  const name = isFile ? temporaryName(target) : path;
  const file = await promisify(open)(name, isFile ? 'wx' : 'w').catch((cause: Error) =>
    guarded(path, () => {
      throw cause;
    }),
  );
  const drop = (): void => rmSync(name, { force: true });
  if (isFile) process.once('exit', drop);
  return {
    write: (bytes) => writeAll(file, bytes),
    async finish() {
      if (isFile) await promisify(fsync)(file);
      await promisify(close)(file);
      if (isFile) guarded(path, () => renameSync(name, target));
      process.off('exit', drop);
    },
    discard() {
      // The file stays open for a write that may be under way: its number must not become another file's.
      if (isFile) drop();
      process.off('exit', drop);
    },
  };
}

async function writeAll(file: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += (await promisify(write)(file, bytes, at)).bytesWritten;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      // The other end has made the pipe one that never waits.
      await sleep(5);
    }
  }
}
