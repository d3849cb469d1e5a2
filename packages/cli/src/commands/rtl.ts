/** `isinglass rtl`: a block of a program and a machine for it as a project of SystemVerilog. */
import { InvalidRequestError, type Program } from '@isinglass/sdk';
import { type Command, Option } from 'commander';
import { defined } from '../arguments/defined.ts';
import { integer, seed, sweepsMax } from '../arguments/numbers.ts';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { formatCount, formatTable } from '../output/table.ts';
import { checkFolderWritable, type FolderKind, writeFolder } from '../output/write-folder.ts';
import { readProgramFile } from '../program-file.ts';
import { randomImage } from '../rtl/random-image.ts';
import { recordedRun } from '../rtl/recorded-run.ts';
import { type RtlEngine, rtlPackage } from '../rtl/rtl-package.ts';
import { readRunInputs } from '../run/run-inputs.ts';

interface RtlFlags {
  readonly engine: RtlEngine;
  readonly output: string;
  readonly device?: string;
  readonly block?: string;
  readonly images?: string;
  readonly sweeps?: number;
  readonly seed: bigint;
}

const projectFolder: FolderKind = { list: 'isinglass-rtl.json', command: 'isinglass rtl' };

export function addRtlCommand(program: Command, contextOf: ContextOf): void {
  // The default is written out: commander prints defaults as JSON, which has no integers of this size.
  const seedOption = new Option('--seed <n>', 'seed of all random numbers, 64 bits').argParser(seed).default(0n, '0');
  program
    .command('rtl')
    .description('write a block and a machine for it as a project of SystemVerilog')
    .argument('<file>', 'the .isg file')
    .addOption(new Option('--engine <engine>', 'the kind of machine').choices(['lane', 'conv']).makeOptionMandatory())
    .requiredOption('-o, --output <dir>', 'the folder to write')
    .option('--device <uri>', 'the machine, such as fpga-sim:toy?lanes=16 (default: the smallest that holds the block)')
    .option('--block <id>', 'the block (default: the only one)')
    .option('--images <path>', 'IDX (also gzipped), .npy or PNG: the first image is run (default: noise by the seed)')
    .option('--sweeps <n>', 'sweeps (default: the program’s)', integer(1, sweepsMax))
    .addOption(seedOption)
    .addHelpText('after', examples)
    .action((file: string, flags: RtlFlags, command: Command) => writeProject(file, flags, contextOf(command)));
}

async function writeProject(file: string, flags: RtlFlags, context: CommandContext): Promise<void> {
  const { engine, device, block, sweeps, seed } = flags;
  checkFolderWritable(flags.output, projectFolder);
  const program = readProgramFile(file);
  const { rtlTarget, rtlProject } = await rtlPackage();
  const target = rtlTarget(program, { engine, ...defined({ device, block }) });
  const images = imageOf(program, flags);
  const run = await recordedRun({ program, block: target.block, images, seed, ...defined({ sweeps }), context });
  const { files, cycles } = await rtlProject(program, target, run, { signal: context.signal });
  writeFolder(flags.output, files, projectFolder);
  const data = {
    folder: flags.output,
    device: target.device,
    engine,
    block: target.block.id,
    programHash: program.hash,
    sweeps: run.sweeps,
    cycles,
    files: [...files.keys(), projectFolder.list],
  };
  context.result(data, () =>
    [
      formatTable([
        ['machine', target.device],
        ['block', target.block.id],
        ['sweeps', formatCount(run.sweeps)],
        ['cycles', formatCount(cycles)],
        ['files', formatCount(data.files.length)],
      ]),
      `\nwrote ${flags.output}; next: cd ${flags.output} && make icarus\n`,
    ].join(''),
  );
}

function imageOf(program: Program, { images, seed }: RtlFlags): ReturnType<typeof randomImage> {
  if (images === undefined) return randomImage(program, seed);
  const inputs = readRunInputs(program, { images, limit: 1 });
  if (inputs.count > 0) return inputs.images;
  throw new InvalidRequestError(`${images} holds no image`, { where: '--images' });
}

const examples = `
Examples:
  isinglass rtl glass.isg --engine lane -o glass-rtl
  isinglass rtl glass.isg --engine lane --device "fpga-sim:toy?lanes=16&rng=lfsr32" --sweeps 50 -o glass-rtl
  isinglass rtl model.isg --engine conv --block block0 --images digits/ --seed 7 -o block0-rtl

Then, in that folder: make icarus, make verilator or make yosys; its README.md says what they do.`;
