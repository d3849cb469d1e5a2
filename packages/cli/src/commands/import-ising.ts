/** `isinglass import-ising`: a plain Ising problem becomes a program file. */
import { writeProgram } from '@isinglass/sdk';
import { type Command, Option } from 'commander';
import { defined } from '../arguments/defined.ts';
import { integer, positive, sweepsMax } from '../arguments/numbers.ts';
import type { CommandContext, ContextOf } from '../command-context.ts';
import type { IsingFormat } from '../compile/ising-source.ts';
import { formatCount, formatTable } from '../output/table.ts';
import { checkWritable, writeFile } from '../output/write-file.ts';

interface ImportFlags {
  readonly output: string;
  readonly format: IsingFormat;
  readonly law?: 'fixed' | 'real';
  readonly weightBits?: number;
  readonly sweeps?: number;
  readonly beta?: number;
  readonly readout?: 'spin-sum' | 'conditional-sum';
}

export function addImportIsingCommand(program: Command, contextOf: ContextOf): void {
  const format = new Option('--format <format>', 'how the problem is written').choices(['edges', 'dense', 'coo']);
  program
    .command('import-ising')
    .description('make a program of a plain Ising problem')
    .argument('<file>', 'the problem')
    .requiredOption('-o, --output <file>', 'the .isg file to write')
    .addOption(format.makeOptionMandatory())
    .addOption(new Option('--law <law>', 'arithmetic of the program (default: fixed)').choices(['fixed', 'real']))
    .option('--weight-bits <n>', 'bits of a stored weight, 2 to 8 (default: 8)', integer(2, 8))
    .option('--sweeps <n>', 'sweeps (default: 187)', integer(1, sweepsMax))
    .option('--beta <x>', 'inverse temperature (default: 1)', positive)
    .addOption(new Option('--readout <observable>', 'what is summed').choices(['spin-sum', 'conditional-sum']))
    .addHelpText('after', examples)
    .action((file: string, flags: ImportFlags, command: Command) => importIsing(file, flags, contextOf(command)));
}

async function importIsing(path: string, flags: ImportFlags, context: CommandContext): Promise<void> {
  checkWritable(flags.output, [path]);
  const { isingProgram } = await import('@isinglass/compiler');
  const { readIsing } = await import('../compile/ising-source.ts');
  const { problem, offset } = readIsing(path, flags.format);
  const { law, weightBits, sweeps, beta, readout } = flags;
  const { program, report } = isingProgram(problem, defined({ law, weightBits, sweeps, beta, readout }));
  writeFile(flags.output, writeProgram(program));
  const data = { file: flags.output, programHash: program.hash, offset, ...report };
  context.result(data, () =>
    formatTable([
      ['spins', formatCount(report.spins)],
      ['couplings', formatCount(report.couplings)],
      ['rounded to zero', formatCount(report.couplingsVanished)],
      ['colors', `${report.colors} (at least ${report.colorsMin} are needed)`],
      ['energy offset', String(offset)],
      ['program', program.hash],
      ['wrote', flags.output],
    ]),
  );
}

const examples = `
Formats:
  edges   lines "i j J" and "i h"; J > 0 aligns
  dense   JSON { "J": [[…], …], "h": […] }, or J alone as .npy (float32)
  coo     dimod's COO text; its sign convention is converted

Examples:
  isinglass import-ising glass.txt --format edges -o glass.isg --sweeps 1000
  isinglass run glass.isg --limit 10 --seed 1 --output spins.npy`;
