/** `isinglass conformance explain`: what a case did, found, and may mean. */
import type { Command } from 'commander';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { planOf } from '../conformance/report-files.ts';
import { readReportFile } from '../conformance/report-folder.ts';
import { asUsage, conformance } from '../conformance/suite.ts';

export function addConformanceExplainCommand(group: Command, contextOf: ContextOf): void {
  group
    .command('explain')
    .description('explain a case of a report: plan, observed and expected, likely causes')
    .argument('<report>', 'report.jsonl, or the folder that has it')
    .requiredOption('--case <id>', 'the case: law.update, or law.update@1')
    .addHelpText('after', examples)
    .action((report: string, flags: { readonly case: string }, command: Command) =>
      explain(report, flags.case, contextOf(command)),
    );
}

async function explain(path: string, id: string, context: CommandContext): Promise<void> {
  const { caseOf, explainCase, faultTitle } = await conformance();
  const report = await readReportFile(path);
  const record = await asUsage(async () => caseOf(report, id));
  const plans = await planOf();
  const plan = plans(record.case);
  context.result({ record, plan: plan ?? null }, () =>
    explainCase({ record, plan, cases: report.cases, planOf: plans, faultTitle }),
  );
}

const examples = `
Examples:
  isinglass conformance explain report --case law.update
  isinglass conformance explain report/report.jsonl --case dyn.domino@1 --json`;
