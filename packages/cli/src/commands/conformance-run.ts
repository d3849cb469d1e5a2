/** `isinglass conformance run`: the suite on a device. */
import type { Level, ReportRecord, Shard, SuiteOptions, UnfinishedReport } from '@isinglass/conformance';
import { InvalidRequestError } from '@isinglass/sdk';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defined } from '../arguments/defined.ts';
import { integer, seed } from '../arguments/numbers.ts';
import type { CommandContext, ContextOf, GlobalOptions } from '../command-context.ts';
import { type DeviceFlags, providerFlag } from '../conformance/device-under-test.ts';
import { endSoon } from '../conformance/end-soon.ts';
import { formatReport } from '../conformance/format-report.ts';
import { writeReportFiles } from '../conformance/report-files.ts';
import { ReportFolder } from '../conformance/report-folder.ts';
import { runJob } from '../conformance/run-job.ts';
import type { SuiteJob } from '../conformance/suite-messages.ts';
import { superviseSuite } from '../conformance/supervised-suite.ts';
import { conformanceExitCodes, verdictLine } from '../conformance/verdict-exit.ts';
import { InterruptedError } from '../output/error-report.ts';
import { type ProgressLine, startProgress } from '../output/progress.ts';

interface RunFlags extends DeviceFlags {
  readonly level: Level;
  readonly seed?: bigint;
  readonly shard?: Shard;
  readonly only?: string;
  readonly out?: string;
  readonly resume: boolean;
  readonly deadline?: number;
  readonly inProcess: boolean;
}

export function addConformanceRunCommand(group: Command, contextOf: ContextOf): void {
  const level = new Option('--level <level>', 'how much a pass promises, and how long it takes');
  group
    .command('run')
    .description('run the suite on a device')
    .option('--device <uri>', 'the device under test, by its raw driver (default: cpu)')
    .option('--provider <module>', 'a module whose default export is a provider (defineProvider)')
    .option('--flag <name=value>', 'handed to the provider (repeatable)', providerFlag, {})
    .addOption(level.choices(['quick', 'standard', 'certify']).default('quick'))
    .option('--seed <n>', 'seed of all random numbers, 64 bits (default: random, printed)', seed)
    .option('--shard <i/n>', 'only part i of n; merge puts the parts together', shard)
    .option('--only <query>', 'only some checks: ids, patterns with *, chapter:NAME, with commas between')
    .option('--out <dir>', 'write report.jsonl, summary.md, junit.xml and report.html here')
    .option('--resume', 'go on with the run that was stopped in --out', false)
    .option('--deadline <seconds>', 'how long one call of the device may take', integer(1))
    .option('--in-process', 'run in this process, for debuggers: a device that ends its process ends the run', false)
    .addHelpText('after', examples)
    .action((_, command: Command) => run(command.optsWithGlobals(), contextOf(command)));
}

async function run(flags: RunFlags & GlobalOptions, context: CommandContext): Promise<void> {
  if (flags.resume && flags.out === undefined) {
    throw new InvalidRequestError('--resume needs --out DIR with the report', { where: '--resume' });
  }
  const out = flags.out === undefined ? null : await ReportFolder.open(flags.out, { resume: flags.resume });
  let progress: ProgressLine | undefined;
  let recorded = out?.earlier?.cases.length ?? 0;
  try {
    const job = jobOf(flags, out?.earlier);
    const { signal } = context;
    const onCase: OnCase = ({ case: id, done, total }) => {
      progress ??= startProgress({ total, unit: 'checks' });
      progress.update(done, id);
    };
    const onRecord = (record: ReportRecord): void => {
      out?.folder.append(record);
      if (record.record === 'header') {
        process.stderr.write(`${record.device}, level ${record.level}, seed ${record.seed}\n`);
      }
      if (record.record === 'case') recorded += 1;
    };
    const report = flags.inProcess
      ? await runJob(job, { ...context, signal, onCase, onRecord })
      : await superviseSuite({ job, signal, onCase, onRecord });
    progress?.stop();
    if (out !== null) await writeReportFiles(out.folder, report);
    const line = verdictLine(report.footer);
    context.fail(conformanceExitCodes[line.verdict]);
    context.line(line, () => formatReport(report));
  } catch (error) {
    if (!(error instanceof InterruptedError) || out === null) throw error;
    throw new InterruptedError(`interrupted: ${recorded} checks are in ${out.folder.file}; --resume goes on`);
  } finally {
    progress?.stop();
    endSoon();
  }
}

type OnCase = NonNullable<SuiteOptions['onCase']>;

function jobOf(flags: RunFlags & GlobalOptions, resumeFrom: UnfinishedReport | undefined): SuiteJob {
  const { level, backend, logLevel, only, shard: part, deadline } = flags;
  return {
    ...defined({ only, shard: part, resumeFrom, seed: flags.seed?.toString() }),
    device: { ...defined({ device: flags.device, provider: flags.provider }), flag: flags.flag },
    backend,
    logLevel,
    level,
    ...(deadline === undefined ? {} : { deadlines: { callMs: 1000 * deadline } }),
  };
}

function shard(text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  if (index >= 1 && index <= count) return { index, count };
  throw new InvalidArgumentError('It must be i/n with 1 ≤ i ≤ n.');
}

const examples = `
Examples:
  isinglass conformance run --device cpu --level quick
  isinglass conformance run --provider ./isinglass.conformance.ts --level standard --out report
  isinglass conformance run --device cpu --level standard --shard 1/4 --seed 7 --out shard-1
  isinglass conformance run --device cpu --only law.update,chapter:pins --json

Under --json the last line is { verdict, pass, fail, inconclusive, unsupported, seconds, claim }.`;
