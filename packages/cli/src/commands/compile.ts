/** `isinglass compile`: a trained ONNX model becomes a program file. */
import { basename } from 'node:path';
import type { ModelSource } from '@isinglass/compiler';
import { writeProgram } from '@isinglass/sdk';
import { type Command, Option } from 'commander';
import { defined } from '../arguments/defined.ts';
import { integer, list, positive, real, sweepsMax } from '../arguments/numbers.ts';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { openFitTarget } from '../compile/device-fit.ts';
import { type PixelFlags, pixelInput } from '../compile/pixel-input.ts';
import { unreadable } from '../images/input-file.ts';
import { checkWritable, writeFile } from '../output/write-file.ts';

interface CompileFlags extends PixelFlags {
  readonly output: string;
  readonly device?: string;
  readonly weightBits?: number;
  readonly fractionBits?: number;
  readonly delta?: readonly number[];
  readonly sweeps?: readonly number[];
  readonly readout?: 'spin-sum' | 'conditional-sum';
  readonly law?: 'fixed' | 'real';
}

export function addCompileCommand(program: Command, contextOf: ContextOf): void {
  program
    .command('compile')
    .description('compile a trained ONNX model to a program')
    .argument('<model>', 'the .onnx file')
    .requiredOption('-o, --output <file>', 'the .isg file to write')
    .option('--device <uri>', 'check that the program fits: a device URI, or a profile as a .json file')
    .option('--weight-bits <n>', 'bits of a stored weight, 2 to 8 (default: 7)', integer(2, 8))
    .option('--fraction-bits <n>', 'fraction bits of the local field, 4 to 12 (default: 9)', integer(4, 12))
    .option('--delta <list>', 'temperature gradient, one value or one per block', list(positive))
    .option('--sweeps <list>', 'sweeps, one value or one per block', list(integer(1, sweepsMax)))
    .addOption(new Option('--readout <observable>', 'what signs are taken of').choices(['spin-sum', 'conditional-sum']))
    .addOption(new Option('--law <law>', 'arithmetic of the program').choices(['fixed', 'real']))
    .addOption(new Option('--input <dtype>', 'take raw pixels: (pixel · scale − mean) / std').choices(['u8']))
    .option('--input-scale <x>', 'a number or a fraction such as 1/255', positive)
    .option('--input-mean <list>', 'one value or one per channel', list(real))
    .option('--input-std <list>', 'one value or one per channel', list(positive))
    .option('--card <file>', 'take the input flags from the input section of a model card')
    .addHelpText('after', examples)
    .action((model: string, flags: CompileFlags, command: Command) => compileModel(model, flags, contextOf(command)));
}

async function compileModel(path: string, flags: CompileFlags, context: CommandContext): Promise<void> {
  checkWritable(flags.output, [path, flags.card, flags.device]);
  const input = pixelInput(flags);
  const { compile, formatReport } = await import('@isinglass/compiler');
  const target = flags.device === undefined ? undefined : await openFitTarget(flags.device, context);
  try {
    const { weightBits, fractionBits, readout, law } = flags;
    const { program, report } = await compile(await modelSource(path), {
      name: basename(path, '.onnx'),
      ...defined({ weightBits, fractionBits, readout, law, input, device: target?.profile }),
      ...defined({ delta: oneOrPerBlock(flags.delta), sweeps: oneOrPerBlock(flags.sweeps) }),
    });
    target?.check(program);
    writeFile(flags.output, writeProgram(program));
    context.result(
      { file: flags.output, ...report },
      () => `${formatReport(report).trimEnd()}\n\nwrote ${flags.output}\n`,
    );
  } finally {
    await target?.close();
  }
}

async function modelSource(path: string): Promise<ModelSource> {
  const { fileModelSource } = await import('@isinglass/compiler/node');
  try {
    return await fileModelSource(path);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function oneOrPerBlock(values: readonly number[] | undefined): number | readonly number[] | undefined {
  return values?.length === 1 ? values[0] : values;
}

const examples = `
Examples:
  isinglass compile mnist.onnx -o mnist.isg --card mnist.card.json --delta 0.2 --sweeps 24 --readout conditional-sum
  isinglass compile net.onnx -o net.isg --input u8 --input-scale 1/255 --input-mean 0.485,0.456,0.406 --input-std 0.229,0.224,0.225
  isinglass compile net.onnx -o net.isg --device board.profile.json --weight-bits 5 --delta 0.1,0.2,0.2`;
