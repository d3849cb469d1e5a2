/** A backend skeleton: a copy of templates/backend under another name. It opens, loads, plans and runs; only its sampler is a stand-in. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidRequestError } from '@isinglass/sdk';

const template = fileURLToPath(new URL('../../templates/backend/', import.meta.url));

/** The name in the template's files. */
const nameInTemplate = 'my-machine';

export interface InitOptions {
  /** The scheme of its device URIs: a-z, 0-9 and -, a letter first. Default: the folder's name. */
  readonly name?: string;
}

export interface InitReport {
  /** Absolute. */
  readonly folder: string;
  readonly name: string;
  /** Relative to the folder, with `/`, sorted. */
  readonly files: readonly string[];
}

/**
 * Writes the skeleton into a folder, which is made if there is none. Throws InvalidRequestError, before anything is written, when the folder holds
 * anything, is none, or the name cannot be a scheme.
 */
export async function initBackend(dir: string, o: InitOptions = {}): Promise<InitReport> {
  const folder = resolve(dir);
  const name = o.name ?? basename(folder);
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    throw new InvalidRequestError(
      `${JSON.stringify(name)} cannot be the scheme of a device: allowed are a-z, 0-9 and -, a letter first; give another with name`,
      { where: 'name' },
    );
  }
  await assertEmpty(folder);
  const files = await templateFiles();
  for (const file of files) {
    const path = join(folder, ...file.split('/'));
    await mkdir(dirname(path), { recursive: true });
    const text = await readFile(join(template, file), 'utf8');
    await writeFile(path, text.replaceAll(nameInTemplate, name), { flag: 'wx' });
  }
  return { folder, name, files };
}

/** A folder that is not there is as good as an empty one. */
async function assertEmpty(folder: string): Promise<void> {
  let found: readonly string[];
  try {
    found = await readdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new InvalidRequestError(`${folder} cannot be written into: ${(error as Error).message}`, {
      where: 'dir',
      cause: error,
    });
  }
  if (found.length === 0) return;
  throw new InvalidRequestError(
    `${folder} is not empty (${found.slice(0, 3).join(', ')}): the skeleton is only written into an empty folder`,
    { where: 'dir' },
  );
}

/** What a package manager or a compiler left beside the template is not part of it. */
async function templateFiles(): Promise<string[]> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(template.length).split(sep).join('/'))
    .filter((file) => !file.split('/').includes('node_modules'))
    .sort();
}
