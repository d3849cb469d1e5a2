/**
 * The command line as a whole: global options, the list of commands, and what an error becomes.
 *
 * Standard output carries results only (under `--json` exactly one document, for errors too); progress, logs and
 * messages go to standard error.
 */
import { Command, CommanderError, Option } from 'commander';
import { createContext, type GlobalOptions } from './command-context.ts';
import { addCompileCommand } from './commands/compile.ts';
import { addConformanceCommand } from './commands/conformance.ts';
import { addDevicesCommand } from './commands/devices.ts';
import { addImportIsingCommand } from './commands/import-ising.ts';
import { addInspectCommand } from './commands/inspect.ts';
import { addPrintProgramCommand } from './commands/print-program.ts';
import { addRtlCommand } from './commands/rtl.ts';
import { addRunCommand } from './commands/run.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { conformanceExitCodes } from './conformance/verdict-exit.ts';
import { errorReport, exitCodeOf, exitCodes, formatError } from './output/error-report.ts';
import { logLevels } from './output/logger.ts';
import { packageVersion } from './package-version.ts';

/** Runs one command; the result is the exit code. `args` are the words after the program's name. */
export async function runCli(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  const failure = { exitCode: exitCodes.ok as number };
  let group: string | undefined;
  try {
    const program = createProgram({ json, fail: (exitCode) => Object.assign(failure, { exitCode }) });
    program.hook('preSubcommand', (_, command) => {
      group = command.name();
    });
    await unlessStuck(program.parseAsync([...args], { from: 'user' }));
    return failure.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
    const report = errorReport(error);
    if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
    else if (!(error instanceof CommanderError)) process.stderr.write(formatError(report));
    // Exit codes of the conformance commands are verdicts on a device; a command that could not run gives none.
    const code = exitCodeOf(report);
    return group === 'conformance' && code !== exitCodes.interrupted ? conformanceExitCodes.harness : code;
  }
}

/**
 * Rejects when nothing is left that could settle the work: a backend that never answers would otherwise end the process
 * without a word.
 */
async function unlessStuck(work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stuck = (): void => reject(new Error('a backend never answered, and nothing is left to wait for'));
  process.once('beforeExit', stuck);
  try {
    await Promise.race([work, promise]);
  } finally {
    process.off('beforeExit', stuck);
  }
}

interface ProgramOptions {
  readonly json: boolean;
  /** Called by a command whose result is a failure although it ran to its end. */
  readonly fail: (exitCode: number) => void;
}

function createProgram({ json, fail }: ProgramOptions): Command {
  const program = new Command('isinglass')
    .description('Compiles trained neural networks into Ising programs and runs them on Ising machines.')
    .version(packageVersion(), '-V, --version')
    .option('--json', 'print one JSON document on standard output', false)
    .addOption(new Option('--log-level <level>', 'what to log on standard error').choices(logLevels).default('warn'))
    .option('--backend <module>', 'take devices from this module as well (repeatable)', collect, [])
    .exitOverride()
    .showHelpAfterError('(add --help for the flags and examples)')
    .configureHelp({ showGlobalOptions: true })
    // Under --json a usage error is the document on standard output, which runCli prints.
    .configureOutput({ writeErr: (text) => void (json || process.stderr.write(text)) })
    .addHelpText('after', examples);
  const contextOf = (command: Command) => createContext(command.optsWithGlobals<GlobalOptions>(), fail);
  addCompileCommand(program, contextOf);
  addRunCommand(program, contextOf);
  addVerifyCommand(program, contextOf);
  addInspectCommand(program, contextOf);
  addPrintProgramCommand(program, contextOf);
  addImportIsingCommand(program, contextOf);
  addRtlCommand(program, contextOf);
  addDevicesCommand(program, contextOf);
  addConformanceCommand(program, contextOf);
  return program;
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}

const examples = `
Examples:
  isinglass compile model.onnx -o model.isg --card model.card.json --delta 0.2 --sweeps 24
  isinglass run model.isg --device cpu --images test-images.idx3.gz --labels test-labels.idx1.gz --limit 100
  isinglass verify vectors --device cpu
  isinglass inspect model.isg --json
  isinglass devices
  isinglass conformance run --device cpu --level quick

Exit codes: 0 ok, 1 failed, 2 bad usage or input, 130 interrupted.`;
