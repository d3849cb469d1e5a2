/** `isinglass conformance list`: the checks, as plans. */
import type { CheckPlan } from '@isinglass/conformance';
import type { Command } from 'commander';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { asUsage, conformance } from '../conformance/suite.ts';
import { formatTable } from '../output/table.ts';

export function addConformanceListCommand(group: Command, contextOf: ContextOf): void {
  group
    .command('list')
    .description('list the checks with level, kind, needs and resolution')
    .argument('[query]', 'ids, patterns with *, chapter:NAME, with commas between')
    .addHelpText('after', examples)
    .action((query: string | undefined, _options, command: Command) => list(query, contextOf(command)));
}

async function list(query: string | undefined, context: CommandContext): Promise<void> {
  const { catalogue, selectPlans } = await conformance();
  const checks = query === undefined ? catalogue : await asUsage(async () => selectPlans(catalogue, query));
  const plans = checks.map(({ plan }) => plan);
  context.result({ checks: plans }, () => `${formatTable(plans.map(rowOf), { head })}\n${plans.length} checks\n`);
}

const head = ['check', 'chapter', 'level', 'kind', 'finds at that level', 'needs'];

function rowOf({ id, version, chapter, level, kind, resolution, needs }: CheckPlan): readonly string[] {
  return [`${id}@${version}`, chapter, level, kind, resolution[level], needs.join(', ')];
}

const examples = `
Examples:
  isinglass conformance list
  isinglass conformance list chapter:distribution,pin.* --json`;
