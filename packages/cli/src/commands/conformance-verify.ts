/** `isinglass conformance verify`: whether a report is whole, and says what its records say. */
import type { Command } from 'commander';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { readReportFile } from '../conformance/report-folder.ts';
import { conformance } from '../conformance/suite.ts';
import { conformanceExitCodes } from '../conformance/verdict-exit.ts';

export function addConformanceVerifyCommand(group: Command, contextOf: ContextOf): void {
  group
    .command('verify')
    .description('check that a report is whole: footer, every case once, digest, counts, claim')
    .argument('<report>', 'report.jsonl, or the folder that has it')
    .addHelpText('after', examples)
    .action((report: string, _flags, command: Command) => verify(report, contextOf(command)));
}

async function verify(path: string, context: CommandContext): Promise<void> {
  const { catalogue, verifyReport } = await conformance();
  const report = await readReportFile(path);
  const problems = [
    ...(report.cut ? ['the last line is cut'] : []),
    ...(await verifyReport(report, { checks: catalogue })),
  ];
  if (problems.length > 0) context.fail(conformanceExitCodes.fail);
  const claim = report.footer?.claim ?? null;
  const verdict = report.footer?.verdict ?? null;
  context.result({ whole: problems.length === 0, problems, verdict, claim }, () =>
    problems.length === 0
      ? `the report is whole; its verdict is ${verdict}\n${claim}\n`
      : `${problems.map((problem) => `${problem}\n`).join('')}the report is not whole\n`,
  );
}

const examples = `
Examples:
  isinglass conformance verify report
  isinglass conformance verify report/report.jsonl --json

Exit code 1 where something is wrong with the report, whatever its verdict.`;
