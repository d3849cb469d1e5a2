/** Files that took long to make, kept under the hash of everything that they were made from. Processes may share a folder. */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Below node_modules: nobody commits it, and a fresh clone has none. */
const defaultFolder = fileURLToPath(new URL('../../node_modules/.cache/rtl', import.meta.url));

export interface CachedFile {
  /** What it is; the end of the file's name. */
  readonly name: string;
  /** Everything that decides its content: sources, tool versions, flags. */
  readonly madeFrom: readonly string[];
  /** Writes the file at the path it is given, which is new. */
  make(path: string): Promise<void>;
}

const underWay = new Map<string, Promise<string>>();

/** The path of the file, made now unless it was made before. A file appears whole or not at all; where two processes make it, the later one stands. */
export function cachedFile(file: CachedFile, folder: string = defaultFolder): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(file.madeFrom)).digest('hex').slice(0, 32);
  const path = join(folder, `${hash}-${file.name}`);
  const pending = underWay.get(path) ?? make(file, folder, path).finally(() => underWay.delete(path));
  underWay.set(path, pending);
  return pending;
}

async function make(file: CachedFile, folder: string, path: string): Promise<string> {
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `${randomUUID()}.unfinished`);
  try {
    await file.make(unfinished);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true, recursive: true });
  }
  return path;
}
