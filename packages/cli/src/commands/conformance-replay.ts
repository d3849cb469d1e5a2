/** `isinglass conformance replay`: one case of a report again, with its seed. */
import type { Replayed } from '@isinglass/conformance';
import type { Command } from 'commander';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { type DeviceFlags, deviceUnderTest, providerFlag } from '../conformance/device-under-test.ts';
import { endSoon } from '../conformance/end-soon.ts';
import { planOf } from '../conformance/report-files.ts';
import { readReportFile } from '../conformance/report-folder.ts';
import { asUsage, conformance } from '../conformance/suite.ts';
import { conformanceExitCodes } from '../conformance/verdict-exit.ts';

interface ReplayFlags extends DeviceFlags {
  readonly case: string;
}

export function addConformanceReplayCommand(group: Command, contextOf: ContextOf): void {
  group
    .command('replay')
    .description('run one case of a report again, with the same programs and requests')
    .argument('<report>', 'report.jsonl, or the folder that has it')
    .requiredOption('--case <id>', 'the case: law.update, or law.update@1')
    .option('--device <uri>', 'the device under test (default: the one of the report)')
    .option('--provider <module>', 'a module whose default export is a provider (default: the one of the report)')
    .option('--flag <name=value>', 'handed to the provider (default: those of the report)', providerFlag, {})
    .addHelpText('after', examples)
    .action((report: string, flags: ReplayFlags, command: Command) => replay(report, flags, contextOf(command)));
}

async function replay(path: string, flags: ReplayFlags, context: CommandContext): Promise<void> {
  const { explainCase, faultTitle, replayCase } = await conformance();
  const report = await readReportFile(path);
  const { provider, flags: providerFlags } = await deviceUnderTest(asRecorded(flags, report.header), context);
  const replayed = await asUsage(() =>
    replayCase({ report, case: flags.case, provider, flags: providerFlags, signal: context.signal }),
  ).finally(endSoon);
  const { again } = replayed;
  const plan = (await planOf())(again.case);
  const exits = { ...conformanceExitCodes, unsupported: conformanceExitCodes.inconclusive };
  context.fail(exits[again.verdict]);
  context.result(replayed, () => `${explainCase({ record: again, plan, faultTitle })}${comparison(replayed)}`);
}

/** The device of the report, unless the flags name another. */
function asRecorded(
  flags: ReplayFlags,
  recorded: { readonly device: string; readonly opened: 'device' | 'provider'; readonly flags: DeviceFlags['flag'] },
): DeviceFlags {
  const flag = Object.keys(flags.flag).length > 0 ? flags.flag : recorded.flags;
  if (flags.device !== undefined || flags.provider !== undefined) return { ...flags, flag };
  return { [recorded.opened]: recorded.device, flag };
}

function comparison({ same, recorded, again, differences }: Replayed): string {
  const result = same
    ? 'The same as in the report, to the last number.\n'
    : `Not the same as in the report: ${recorded.verdict} then, ${again.verdict} now.\n`;
  return `${result}${differences.map((difference) => `Differs from the report: ${difference}\n`).join('')}`;
}

const examples = `
Examples:
  isinglass conformance replay report --case law.update
  isinglass conformance replay report --case pin.hold --device cpu:scalar

A device that is repeatable gives the same numbers again.`;
