/** `isinglass conformance init`: the skeleton of a backend. */
import { relative } from 'node:path';
import type { InitReport } from '@isinglass/conformance/init';
import type { Command } from 'commander';
import type { CommandContext, ContextOf } from '../command-context.ts';

export function addConformanceInitCommand(group: Command, contextOf: ContextOf): void {
  group
    .command('init')
    .description('write the skeleton of a backend: it works in everything but its sampler')
    .argument('<dir>', 'an empty folder, or one that is to be made')
    .option('--name <scheme>', 'the scheme of its device URIs (default: the folder’s name)')
    .addHelpText('after', examples)
    .action((dir: string, flags: { readonly name?: string }, command: Command) => init(dir, flags, contextOf(command)));
}

async function init(dir: string, flags: { readonly name?: string }, context: CommandContext): Promise<void> {
  const { initBackend } = await import('@isinglass/conformance/init');
  const report = await initBackend(dir, flags);
  context.result(report, () => formatInit(report));
}

function formatInit({ folder, name, files }: InitReport): string {
  const place = relative('.', folder) || '.';
  return [
    ...files.map((file) => `${place}/${file}\n`),
    `\nThe device "${name}" opens, loads and runs; src/sampler.ts is yours to write. Next:\n`,
    ...(place === '.' ? [] : [`  cd ${place}\n`]),
    '  npm install\n  npm test\n  npx isinglass conformance doctor --provider ./isinglass.conformance.ts\n',
  ].join('');
}

const examples = `
Examples:
  isinglass conformance init my-machine
  isinglass conformance init ./boards/acme --name acme`;
