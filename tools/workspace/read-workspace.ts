/**
 * The repository as data: every file that git tracks or would track, and the manifest of every package.
 * Rules take this value, so that a test can hand them a small workspace with a planted violation.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The parts of a package.json that the rules read. */
export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly publishConfig?: {
    readonly exports?: Readonly<Record<string, unknown>>;
    readonly bin?: Readonly<Record<string, string>>;
  };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** Relative to the root, with `/`: `packages/sdk`; the root itself is `''`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface Workspace {
  readonly packages: readonly WorkspacePackage[];
  /** Path relative to the root → text; binary files are absent. */
  readonly files: ReadonlyMap<string, string>;
}

/** The repository's root folder. */
export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Files above this are data, not text that the rules read. */
const textBytesMax = 2 ** 20;

/** Everything tracked, and everything new that is not ignored. */
export function readWorkspace(root: string = repositoryRoot): Workspace {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const files = new Map<string, string>();
  for (const path of new Set(listed.split('\0'))) {
    if (path === '') continue;
    const text = textOf(join(root, path));
    if (text !== undefined) files.set(path, text);
  }
  return { packages: packagesOf(files), files };
}

/** The packages of a set of files: every folder with a package.json that has a name, outside fixtures. */
export function packagesOf(files: ReadonlyMap<string, string>): WorkspacePackage[] {
  return [...files]
    .filter(([path]) => /^((packages\/)?[^/]+\/)?package\.json$/.test(path))
    .map(([path, text]) => ({
      folder: path.slice(0, -'package.json'.length).replace(/\/$/, ''),
      manifest: JSON.parse(text) as Manifest,
    }));
}

/** The package that a file belongs to: the deepest folder that contains it. */
export function packageOf(workspace: Workspace, path: string): WorkspacePackage | undefined {
  let best: WorkspacePackage | undefined;
  for (const candidate of workspace.packages) {
    const inside = candidate.folder === '' || path.startsWith(`${candidate.folder}/`);
    if (inside && (best === undefined || candidate.folder.length > best.folder.length)) best = candidate;
  }
  return best;
}

function textOf(path: string): string | undefined {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined || !status.isFile() || status.size > textBytesMax) return undefined;
  const bytes = readFileSync(path);
  return bytes.includes(0) ? undefined : bytes.toString('utf8');
}
