/** Builds the published packages from scratch and packs them as they would be uploaded. */
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, WorkspacePackage } from '../workspace/read-workspace.ts';
import { repositoryRoot } from '../workspace/read-workspace.ts';
import { command } from './command.ts';
import type { PackedPackage } from './tarball-contents.ts';

export interface Tarball extends PackedPackage {
  /** The .tgz file. */
  readonly path: string;
}

/** The pnpm that runs this script, else the one that the README names. */
export function pnpm(args: readonly string[], cwd: string): string {
  const running = process.env.npm_execpath;
  if (running !== undefined && /pnpm(\.\w+)?$/.test(running)) return command(running, args, { cwd });
  return command('npx', ['--yes', 'pnpm@12.21.0', ...args], { cwd });
}

/** Removes what earlier builds left, so that nothing stale is packed. */
export function buildFromScratch(packages: readonly WorkspacePackage[]): void {
  for (const { folder } of packages) rmSync(join(repositoryRoot, folder, 'dist'), { recursive: true, force: true });
  pnpm(['run', 'build'], repositoryRoot);
}

/** One tarball per package, in `destination`; pnpm puts publishConfig in place and real ranges for workspace ones. */
export function packTarballs(packages: readonly WorkspacePackage[], destination: string): Tarball[] {
  return packages.map(({ folder, manifest }) => {
    const path = join(destination, `${folder.replace('packages/', '')}.tgz`);
    pnpm(['pack', '--out', path], join(repositoryRoot, folder));
    const unpacked = join(destination, 'unpacked', manifest.name);
    mkdirSync(unpacked, { recursive: true });
    command('tar', ['-xzf', path, '-C', unpacked, '--strip-components=1'], { cwd: destination });
    return { path, ...readUnpacked(unpacked) };
  });
}

function readUnpacked(folder: string): PackedPackage {
  const files = new Map<string, string>();
  for (const entry of globSync('**/*', { cwd: folder, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    files.set(path.slice(folder.length + 1), bytes.includes(0) ? '' : bytes.toString('utf8'));
  }
  return { manifest: JSON.parse(files.get('package.json') ?? '{}') as Manifest, files };
}
