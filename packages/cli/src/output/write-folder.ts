/**
 * A folder that a command writes: complete or not at all. The files go to a temporary folder beside it, which is then renamed. With them goes a list of their
 * hashes, by which a later run knows a folder that it may write anew: every file is as it was written, and there is no other one, but for what `make` made in `build`.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { guarded } from './write-file.ts';

/** Path, with `/`, to text. */
export type FolderFiles = ReadonlyMap<string, string>;

export interface FolderKind {
  /** File that lists the others. */
  readonly list: string;
  /** The command that writes such folders, as the list names it. */
  readonly command: string;
}

/** The folder of what others make of the files; it goes when the folder is written anew. */
const madeFolder = 'build';

/** Throws InvalidRequestError unless the folder can be written: it is not there, empty, or as this command wrote it. Changes nothing. */
export function checkFolderWritable(folder: string, kind: FolderKind): void {
  guarded(folder, () => {
    if (folder === '') throw new Error('the name is empty');
    const path = resolve(folder);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) {
      if (statSync(dirname(path), { throwIfNoEntry: false })?.isDirectory() !== true)
        throw new Error(`there is no folder ${dirname(folder)}`);
      return;
    }
    if (!found.isDirectory()) throw new Error('it is a file');
    if (isWithin(process.cwd(), realpathSync(path)))
      throw new Error('it is the working directory, or has it inside: name a folder of its own');
    const reason = whyNotOurs(path, kind);
    if (reason !== null) throw new Error(reason);
  });
}

/** Writes the whole folder, replacing one that this command wrote; on failure what was there stays. Throws as checkFolderWritable does. */
export function writeFolder(folder: string, files: FolderFiles, kind: FolderKind): void {
  checkFolderWritable(folder, kind);
  guarded(folder, () => {
    const there = existsSync(folder);
    // Through a symbolic link: over what it points to.
    const path = there ? realpathSync(folder) : resolve(folder);
    const fresh = beside(path, 'tmp');
    const old = beside(path, 'old');
    try {
      writeAll(fresh, files, kind);
      if (there) renameSync(path, old);
      try {
        renameSync(fresh, path);
      } catch (error) {
        if (there) renameSync(old, path);
        throw error;
      }
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
    rmSync(old, { recursive: true, force: true });
  });
}

function writeAll(folder: string, files: FolderFiles, { list, command }: FolderKind): void {
  mkdirSync(folder);
  const hashes = Object.fromEntries([...files].map(([path, text]) => [path, sha256(text)]));
  const all = new Map([...files, [list, `${JSON.stringify({ command, files: hashes }, null, 2)}\n`]]);
  for (const [path, text] of all) {
    const target = join(folder, ...path.split('/'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text, { flag: 'wx' });
  }
}

/** null: empty, or nothing in it is anybody's but the command's. */
function whyNotOurs(folder: string, { list, command }: FolderKind): string | null {
  const present = filesIn(folder).filter((path) => !path.startsWith(`${madeFolder}/`));
  if (present.length === 0 && !existsSync(join(folder, madeFolder))) return null;
  const hashes = listedHashes(join(folder, list), command);
  if (hashes === null) return `it is not empty, and was not written by \`${command}\`: name another one`;
  const others = present.filter((path) => path !== list && !(path in hashes));
  if (others.length > 0) return `it holds ${some(others)}, not written by \`${command}\`: name another one`;
  const changed = present.filter((path) => path !== list && sha256(readFileSync(join(folder, path))) !== hashes[path]);
  if (changed.length > 0) return `${some(changed)} changed since it was written: name another one`;
  return null;
}

function listedHashes(path: string, command: string): Readonly<Record<string, unknown>> | null {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof json !== 'object' || json === null || !('command' in json) || json.command !== command) return null;
    return 'files' in json && typeof json.files === 'object' ? (json.files as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** Everything that is no folder, relative, with `/`. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .sort();
}

const some = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** A name of this process alone in the same folder. */
const beside = (path: string, ending: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}.${ending}`);

const isWithin = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}${sep}`);
