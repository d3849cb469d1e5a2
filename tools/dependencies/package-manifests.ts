/**
 * What every package has: a README, the licence, the engines that it was tested with, and exports that name the same
 * entries in development (sources) and when published (dist).
 */
import type { Manifest, Workspace, WorkspacePackage } from '../workspace/read-workspace.ts';
import type { Finding } from './finding.ts';

/** The lowest Node that published packages support; `pnpm pack:check` installs and runs them there. */
export const nodeFloor = '>=22.12';

export function manifestFindings(workspace: Workspace): Finding[] {
  return workspace.packages
    .filter(({ folder }) => folder.startsWith('packages/'))
    .flatMap((member) =>
      [...identityMessages(member, workspace), ...entryMessages(member, workspace)].map((message) => ({
        file: `${member.folder}/package.json`,
        line: 0,
        rule: 'manifest',
        message,
      })),
    );
}

/** The sources of an entry, and where they are when published: `./src/x.ts` → `./dist/x.js`. */
export const publishedPath = (source: string): string =>
  source.replace(/^\.\/src\//, './dist/').replace(/(?<!\.d)\.ts$/, '.js');

function* identityMessages({ folder, manifest }: WorkspacePackage, { files }: Workspace): Generator<string> {
  const root = files.get('package.json');
  const license = root === undefined ? undefined : (JSON.parse(root) as Manifest).license;
  if (!files.has(`${folder}/README.md`)) yield 'README.md is missing';
  if (manifest.license === undefined || manifest.license !== license) yield `license must be ${license}`;
  if (manifest.type !== 'module') yield 'type must be "module"';
  if (manifest.engines?.node !== nodeFloor) yield `engines.node must be ${nodeFloor}`;
  if (!/^\d+\.\d+\.\d+/.test(manifest.version ?? '')) yield 'version is missing';
  if (!manifest.files?.includes('dist')) yield 'files must contain "dist"';
}

function* entryMessages({ folder, manifest }: WorkspacePackage, { files }: Workspace): Generator<string> {
  const development = manifest.exports ?? {};
  const published = manifest.publishConfig?.exports ?? {};
  for (const entry of new Set([...Object.keys(development), ...Object.keys(published)])) {
    const source = development[entry];
    const target = published[entry];
    if (typeof source !== 'string') {
      yield `exports["${entry}"] must be a path`;
    } else if (!files.has(`${folder}/${source.slice(2)}`)) {
      yield `exports["${entry}"] names no file: ${source}`;
    } else if (!source.startsWith('./src/')) {
      if (target !== source) yield `publishConfig.exports["${entry}"] must be ${source}`;
    } else {
      const js = publishedPath(source);
      const expected = JSON.stringify({ types: js.replace(/\.js$/, '.d.ts'), default: js });
      if (JSON.stringify(target) !== expected) yield `publishConfig.exports["${entry}"] must be ${expected}`;
    }
  }
  for (const [command, source] of Object.entries(manifest.bin ?? {})) {
    const expected = publishedPath(source);
    if (manifest.publishConfig?.bin?.[command] !== expected) yield `publishConfig.bin.${command} must be ${expected}`;
  }
}
