/**
 * `pnpm pack:check`: proves that the packages work as published. Builds and packs them, checks what is inside, and uses
 * them in an empty project under the oldest supported Node. One line per step; exits 1 when any step failed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { publishedPackages } from './api-report.ts';
import { command } from './pack/command.ts';
import { ConsumerProject } from './pack/consumer-project.ts';
import { Steps } from './pack/steps.ts';
import { contentMessages } from './pack/tarball-contents.ts';
import { buildFromScratch, packTarballs, type Tarball } from './pack/tarballs.ts';
import { repositoryRoot } from './workspace/read-workspace.ts';

const steps = new Steps();
const packages = publishedPackages();
const scratch = mkdtempSync(join(tmpdir(), 'isinglass-pack-'));

const failWith = (messages: readonly string[]): void => {
  if (messages.length > 0) throw new Error(messages.join('\n'));
};

try {
  await steps.run('build', () => {
    buildFromScratch(packages);
    return packages.map(({ manifest }) => manifest.name).join(', ');
  });
  const packed = await steps.run('pack', () => {
    const tarballs = packTarballs(packages, scratch);
    const bytes = tarballs.reduce((sum, { path }) => sum + readFileSync(path).length, 0);
    return { tarballs, summary: `${tarballs.length} tarballs, ${(bytes / 1024).toFixed(0)} KiB` };
  });
  if (packed !== undefined) await checkTarballs(packed.tarballs);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
console.log(steps.failed === 0 ? 'pack check: all steps passed' : `pack check: ${steps.failed} steps failed`);
process.exitCode = steps.failed === 0 ? 0 : 1;

async function checkTarballs(tarballs: readonly Tarball[]): Promise<void> {
  await steps.run('contents', () => {
    failWith(tarballs.flatMap(contentMessages));
    return `${tarballs.reduce((sum, { files }) => sum + files.size, 0)} files`;
  });
  await steps.run('publint', async () => {
    for (const { path } of tarballs) {
      const { messages, pkg } = await publint({ strict: true, pack: { tarball: arrayBuffer(readFileSync(path)) } });
      // A template's manifest is the root of the package that is made of it.
      const ours = messages.filter(
        (message) =>
          message.code !== 'NESTED_PACKAGE_JSON_FIELD_IGNORED' || !message.args.filePath.includes('templates/'),
      );
      failWith(ours.map((message) => `${pkg?.name}: ${formatMessage(message, pkg ?? {})}`));
    }
    return 'no messages';
  });
  await steps.run('are the types wrong', () => {
    const attw = join(repositoryRoot, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    for (const { path } of tarballs) {
      const args = [attw, path, '--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', '--no-emoji'];
      command(process.execPath, args, { cwd: scratch });
    }
    return 'no problems (profile esm-only)';
  });

  const consumer = new ConsumerProject(join(scratch, 'consumer'), tarballs);
  await steps.run('node', () => consumer.installNode());
  await steps.run('install', () => consumer.installPackages());
  await steps.run('import', () => consumer.importEntries());
  await steps.run('types', () => consumer.checkTypes());
  await steps.run('command line', () => consumer.runCommandLine());
  await steps.run('README example', () => consumer.runExample());
  await steps.run('threads', () => consumer.countThreads());
}

function arrayBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
