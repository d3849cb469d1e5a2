/** `isinglass run`: a program on a device, on images. */
import { resolve } from 'node:path';
import {
  type Backend,
  InvalidRequestError,
  openDevice,
  type PerBlock,
  type SessionRunOptions,
  UnsupportedError,
} from '@isinglass/sdk';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { integer, perBlock, positive, seed } from '../arguments/numbers.ts';
import { closeQuietly } from '../close-quietly.ts';
import type { CommandContext, ContextOf } from '../command-context.ts';
import { checkLabels } from '../images/read-labels.ts';
import { checkWritable, writeFile } from '../output/write-file.ts';
import { readProgramFile } from '../program-file.ts';
import { type Comparand, comparands, compareRun, modelClasses, nothingCompared } from '../run/compare-run.ts';
import { costSummary } from '../run/cost-summary.ts';
import { readRunInputs } from '../run/run-inputs.ts';
import { runOnDevice } from '../run/run-on-device.ts';
import { outputNpy, soleOutput } from '../run/run-output.ts';
import { formatSummary, runSummary } from '../run/run-summary.ts';
import { timelineFor, writeTrace } from '../run/trace-file.ts';

interface RunFlags {
  readonly device: string;
  readonly images?: string;
  readonly labels?: string;
  readonly limit?: number;
  readonly sweeps?: PerBlock<number>;
  readonly burnIn?: PerBlock<number>;
  readonly stride?: PerBlock<number>;
  readonly chains?: PerBlock<number>;
  readonly delta?: PerBlock<number>;
  readonly readout?: 'spin-sum' | 'conditional-sum';
  readonly start?: 'random' | 'feed-forward';
  readonly seed: bigint;
  readonly compare: readonly Comparand[];
  readonly model?: string;
  readonly output?: string;
  readonly cost?: true;
  readonly trace?: string;
  readonly traceSpans?: number;
}

export function addRunCommand(program: Command, contextOf: ContextOf): void {
  const readout = new Option('--readout <observable>', 'what the signs are taken of (default: the program’s)');
  // The default is written out: commander prints defaults as JSON, which has no integers of this size.
  const seedOption = new Option('--seed <n>', 'seed of all random numbers, 64 bits').argParser(seed).default(0n, '0');
  const start = new Option('--start <kind>', 'how the free spins begin (default: the program’s)');
  program
    .command('run')
    .description('run a program on a device, on images')
    .argument('<file>', 'the .isg file')
    .option('--device <uri>', 'where to run', 'cpu')
    .option('--images <path>', 'IDX (also gzipped), .npy, a PNG file or a folder of them')
    .option('--labels <path>', 'true classes, IDX or .npy: gives accuracies')
    .option('--limit <n>', 'only the first n images', integer(1))
    .option(
      '--sweeps <list>',
      'sweeps per chain, one value or one per block (default: the program’s)',
      perBlock(integer(1)),
    )
    .option('--burn-in <list>', 'sweeps discarded first', perBlock(integer(0)))
    .option('--stride <list>', 'sweeps per retained sample', perBlock(integer(1)))
    .option('--chains <list>', 'independent chains per image', perBlock(integer(1)))
    .option('--delta <list>', 'the gain delta, one value or one per block', perBlock(positive))
    .addOption(readout.choices(['spin-sum', 'conditional-sum']))
    .addOption(start.choices(['random', 'feed-forward']))
    .addOption(seedOption)
    .option('--compare <list>', 'feed-forward, model, or both with a comma', comparisons, [])
    .option('--model <file>', 'the ONNX model that the program was compiled from, for --compare model')
    .option('--output <file>', 'write the program’s output as .npy (float32)')
    .option('--cost', 'cycles, seconds and joules of the device, where it or its vendor states them')
    .option('--trace <file>', 'write where the time of an emulated device went, for Perfetto or chrome://tracing')
    .option('--trace-spans <n>', 'spans in that file, at most (default: 10000)', integer(2))
    .addHelpText('after', examples)
    .action((file: string, flags: RunFlags, command: Command) => run(file, flags, contextOf(command)));
}

async function run(file: string, flags: RunFlags, context: CommandContext): Promise<void> {
  if (flags.compare.includes('model') && flags.model === undefined) {
    throw new InvalidRequestError('--compare model needs --model FILE.onnx', { where: '--model' });
  }
  if (flags.model !== undefined && !flags.compare.includes('model')) {
    throw new InvalidRequestError('--model is for --compare model: without it the model is not looked at', {
      where: '--model',
    });
  }
  if (flags.traceSpans !== undefined && flags.trace === undefined) {
    throw new InvalidRequestError('--trace-spans is for --trace FILE', { where: '--trace-spans' });
  }
  if (flags.trace !== undefined && flags.output !== undefined && resolve(flags.trace) === resolve(flags.output)) {
    throw new InvalidRequestError('--trace and --output name one file', { where: '--trace' });
  }
  if (flags.trace !== undefined) checkWritable(flags.trace, [file, flags.images, flags.labels, flags.model]);
  if (flags.output !== undefined) checkWritable(flags.output, [file, flags.images, flags.labels, flags.model]);
  const program = readProgramFile(file);
  const inputs = readRunInputs(program, flags);
  const classified = flags.compare.length > 0 || inputs.labels !== null;
  const output = flags.output === undefined && !classified ? null : soleOutput(program, { classified });

  if (inputs.labels !== null && output !== null) {
    checkLabels(inputs.labels, Number(output.shape[1]), flags.labels ?? '--labels');
  }

  const backends = await context.backends();
  const timeline = flags.trace === undefined ? undefined : timelineFor(flags.traceSpans);
  if (timeline !== undefined) await checkTimelines(flags.device, backends, context);
  const model = flags.model === undefined ? null : await modelClasses({ path: flags.model, program, inputs, context });
  const { report, profile } = await runOnDevice({
    program,
    inputs,
    uri: flags.device,
    backends,
    options: { ...runOptions(flags), ...(timeline === undefined ? {} : { timeline }) },
    context,
  });
  const feedForward = flags.compare.includes('feed-forward') ? 'compare' : 'leave';
  const comparison =
    output === null || !classified
      ? nothingCompared
      : await compareRun({ program, inputs, output, report, model, feedForward, context });
  const cost = flags.cost === undefined ? null : costSummary(report, profile);
  const about = { device: flags.device, program: program.json.name, programHash: program.hash };
  const trace = flags.trace === undefined || timeline === undefined ? null : writeTrace(flags.trace, timeline, about);
  const summary = runSummary({ program, report, device: flags.device, comparison, cost, trace });
  if (flags.output !== undefined && output !== null) writeFile(flags.output, outputNpy(report, output));
  context.result(summary, () => formatSummary(summary));
}

/** Before anything runs: a device that has no time of its own to show is refused with what has. */
async function checkTimelines(uri: string, backends: readonly Backend[], context: CommandContext): Promise<void> {
  const device = await openDevice(uri, { backends, signal: context.signal, logger: context.logger });
  await closeQuietly(device, { what: `device ${uri}`, logger: context.logger });
  if (device.fillsTimelines) return;
  throw new UnsupportedError(
    'timeline',
    `--trace needs a device whose time is emulated, and ${uri} is none: try --device fpga-sim:conv-m, or another of "isinglass devices" whose machine is emulated cycle by cycle`,
    { where: '--trace' },
  );
}

/** What the flags ask of every block; what they leave out is the program's own. */
function runOptions(flags: RunFlags): SessionRunOptions {
  const { device, images, labels, limit, compare, model, output, cost, trace, traceSpans, delta, ...options } = flags;
  return delta === undefined ? options : { ...options, gains: { delta } };
}

function comparisons(text: string): readonly Comparand[] {
  return text.split(',').map((part) => {
    const known = comparands.find((name) => name === part.trim());
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`It must be ${comparands.join(', ')}, or both with a comma between.`);
  });
}

const examples = `
Examples:
  isinglass run mnist.isg --images test-images.idx3.gz --labels test-labels.idx1.gz --limit 100
  isinglass run mnist.isg --images digits/ --sweeps 96 --delta 0.1 --output logits.npy
  isinglass run mnist.isg --images digits/ --device fpga-sim:conv-m --cost
  isinglass run mnist.isg --images digits/ --limit 1 --device fpga-sim:conv-m --trace out.json
  isinglass run mnist.isg --images i.npy --labels l.npy --compare feed-forward,model --model mnist.onnx --json

The output has one row per image; the class of an image is its largest logit.`;
