/** `isinglass conformance doctor`: whether the suite can work with a device at all. */
import type { DoctorReport, Level } from '@isinglass/conformance';
import { type Command, Option } from 'commander';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { type DeviceFlags, deviceUnderTest, providerFlag } from '../conformance/device-under-test.ts';
import { endSoon } from '../conformance/end-soon.ts';
import { conformance } from '../conformance/suite.ts';
import { conformanceExitCodes } from '../conformance/verdict-exit.ts';
import { formatTable } from '../output/table.ts';

interface DoctorFlags extends DeviceFlags {
  readonly level: Level;
}

export function addConformanceDoctorCommand(group: Command, contextOf: ContextOf): void {
  const level = new Option('--level <level>', 'the level whose checks are listed');
  group
    .command('doctor')
    .description('check that the device opens, its profile is valid and a run answers; list what would run')
    .option('--device <uri>', 'the device under test, by its raw driver (default: cpu)')
    .option('--provider <module>', 'a module whose default export is a provider (defineProvider)')
    .option('--flag <name=value>', 'handed to the provider (repeatable)', providerFlag, {})
    .addOption(level.choices(['quick', 'standard', 'certify']).default('quick'))
    .addHelpText('after', examples)
    .action((flags: DoctorFlags, command: Command) => examine(flags, contextOf(command)));
}

async function examine(flags: DoctorFlags, context: CommandContext): Promise<void> {
  const { doctor } = await conformance();
  const { provider, flags: providerFlags } = await deviceUnderTest(flags, context);
  const report = await doctor({ provider, flags: providerFlags, level: flags.level, signal: context.signal });
  endSoon();
  if (!report.ok) context.fail(conformanceExitCodes.fail);
  context.result(report, () => formatDoctor(report));
}

function formatDoctor({ ok, steps, runs, unsupported }: DoctorReport): string {
  const rows = steps.map((step) => [step.ok ? 'ok' : 'wrong', step.name, step.detail]);
  const skipped = unsupported.map(({ case: id, missing }) => [id, missing.join('; ')]);
  return [
    formatTable(rows),
    `\n${runs.length} checks would run, ${unsupported.length} need what the profile does not declare\n`,
    skipped.length === 0 ? '' : formatTable(skipped, { head: ['not run', 'not declared'] }),
    ok ? '\nready to run\n' : '\nnot ready\n',
  ].join('');
}

const examples = `
Examples:
  isinglass conformance doctor --device cpu
  isinglass conformance doctor --provider ./isinglass.conformance.ts --json`;
