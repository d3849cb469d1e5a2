/** Files that a command reads: whatever goes wrong is a bad input that names the file. */
import { readFileSync } from 'node:fs';
import { InvalidRequestError } from '@isinglass/sdk';

export function readInputFile(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

/** The file as JSON. */
export function readJsonFile(path: string): unknown {
  const bytes = readInputFile(path);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new InvalidRequestError(`${path} is not JSON: ${(cause as Error).message}`, { where: path, cause });
  }
}

/** The file system's refusal as a bad input. */
export function unreadable(path: string, cause: unknown): InvalidRequestError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InvalidRequestError(`${path} cannot be read: ${reason}`, { where: path, cause });
}
