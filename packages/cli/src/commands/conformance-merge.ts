/** `isinglass conformance merge`: the shards of one run as one report. */
import type { Command } from 'commander';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { formatReport } from '../conformance/format-report.ts';
import { writeReportFiles } from '../conformance/report-files.ts';
import { ReportFolder, readReportFile } from '../conformance/report-folder.ts';
import { asUsage, conformance } from '../conformance/suite.ts';
import { conformanceExitCodes, verdictLine } from '../conformance/verdict-exit.ts';

export function addConformanceMergeCommand(group: Command, contextOf: ContextOf): void {
  group
    .command('merge')
    .description('put the shards of one run together')
    .argument('<reports...>', 'the report.jsonl, or the folder, of every shard')
    .requiredOption('--out <dir>', 'write the whole report here')
    .addHelpText('after', examples)
    .action((reports: readonly string[], flags: { readonly out: string }, command: Command) =>
      merge(reports, flags.out, contextOf(command)),
    );
}

async function merge(paths: readonly string[], out: string, context: CommandContext): Promise<void> {
  const { mergeReports } = await conformance();
  const shards = await Promise.all(paths.map(readReportFile));
  const report = await asUsage(() => mergeReports(shards));
  const { folder } = await ReportFolder.open(out, { resume: false });
  for (const record of [report.header, ...report.cases, report.footer]) folder.append(record);
  await writeReportFiles(folder, report);
  const line = verdictLine(report.footer);
  context.fail(conformanceExitCodes[line.verdict]);
  context.line(line, () => formatReport(report));
}

const examples = `
Examples:
  isinglass conformance merge shard-1 shard-2 --out report

Refused: a shard without footer, a missing or doubled case or shard, shards that differ in suite, profile, level, seed or query.`;
