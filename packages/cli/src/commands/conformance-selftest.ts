/** `isinglass conformance selftest`: whether the suite itself is in order on this machine. */
import type { Command } from 'commander';
import { seed } from '../arguments/numbers.ts';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { conformance } from '../conformance/suite.ts';
import { conformanceExitCodes } from '../conformance/verdict-exit.ts';
import { formatTable } from '../output/table.ts';

export function addConformanceSelftestCommand(group: Command, contextOf: ContextOf): void {
  group
    .command('selftest')
    .description('check that the suite finds what it should and passes what it should, on this machine')
    .option('--seed <n>', 'seed of all random numbers, 64 bits (default: 1)', seed)
    .addHelpText('after', examples)
    .action((flags: { readonly seed?: bigint }, command: Command) => selftest(flags, contextOf(command)));
}

async function selftest(flags: { readonly seed?: bigint }, context: CommandContext): Promise<void> {
  const { selftest: runSelftest } = await conformance();
  const items = await runSelftest(flags.seed === undefined ? {} : { seed: flags.seed });
  const ok = items.every((item) => item.ok);
  if (!ok) context.fail(conformanceExitCodes.harness);
  context.result({ ok, items }, () => {
    const rows = items.map((item) => [item.ok ? 'ok' : 'wrong', item.name, item.what]);
    return `${formatTable(rows)}\n${ok ? 'the suite is in order' : 'the suite is not in order: its verdicts mean nothing here'}\n`;
  });
}

const examples = `
Examples:
  isinglass conformance selftest
  isinglass conformance selftest --json

Exit code 3 where something is wrong with the suite.`;
