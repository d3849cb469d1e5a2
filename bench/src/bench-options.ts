/** The command line of the bench. What cannot be read is a usage error that lists what is known. */
import { fileURLToPath } from 'node:url';
import { InvalidRequestError } from '@isinglass/sdk';
import { Command, InvalidArgumentError } from 'commander';
import { targetNamed } from './measure/pass-request.ts';
import { type Target, targets } from './measure/target.ts';
import { variantNames } from './measure/variant.ts';
import type { WorkloadSize } from './workloads/workload-list.ts';

export interface BenchOptions {
  readonly targets: readonly Target[];
  /** Null: every variant of a target. */
  readonly variants: readonly string[] | null;
  readonly threads: readonly number[];
  readonly size: WorkloadSize;
  readonly peers: boolean;
  readonly json: boolean;
  /** A file of an earlier run; null: none. */
  readonly against: string | null;
  readonly device: string;
  readonly repeat: number;
  readonly out: string;
}

const resultsFolder = fileURLToPath(new URL('../results/', import.meta.url));

/** Workload files lie beside the results; both are made again when missing. */
export const workloadFolder = `${resultsFolder}workloads`;

/** Where the texts of the command line go. */
export interface OptionTexts {
  readonly help: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Throws CommanderError for a wrong flag (and after --help), InvalidRequestError for an unknown workload or variant. */
export function parseBenchOptions(args: readonly string[], texts: OptionTexts): BenchOptions {
  const command = new Command('bench')
    .description('Times Gibbs sampling of named workloads on a device, and beside it on other samplers.')
    .option('--only <names>', 'these workloads, separated by commas', words)
    .option('--variants <names>', 'these variants, separated by commas', words)
    .option('--threads <counts>', 'numbers of threads, separated by commas', counts, [1])
    .option('--quick', 'small sizes and short repetitions: a smoke pass whose figures mean nothing', false)
    .option('--peers', 'other samplers too, on the same files in the same run', false)
    .option('--json', 'print one JSON document on standard output', false)
    .option('--against <file>', 'compare with an earlier result; exit code 1 when a row is more than 1.3 times slower')
    .option('--device <uri>', 'the device to measure; `cpu` stands for its thread counts and kernels', 'cpu')
    .option('--repeat <count>', 'passes of every row, each in a process of its own (default: 3, with --quick 1)', count)
    .option('--out <file>', 'where the JSON document goes (default: bench/results/latest.json)')
    .exitOverride()
    .allowExcessArguments(false)
    .configureOutput({ writeOut: texts.help, writeErr: texts.error })
    .addHelpText('after', help());
  const flags = command.parse([...args], { from: 'user' }).opts<Flags>();
  return {
    targets: flags.only === undefined ? targets : flags.only.map(targetNamed),
    variants: flags.variants?.map(variantNamed) ?? null,
    threads: flags.threads,
    size: flags.quick ? 'quick' : 'full',
    peers: flags.peers,
    json: flags.json,
    against: flags.against ?? null,
    device: flags.device,
    repeat: flags.repeat ?? (flags.quick ? 1 : 3),
    out: flags.out ?? `${resultsFolder}latest.json`,
  };
}

interface Flags {
  readonly only?: readonly string[];
  readonly variants?: readonly string[];
  readonly threads: readonly number[];
  readonly quick: boolean;
  readonly peers: boolean;
  readonly json: boolean;
  readonly against?: string;
  readonly device: string;
  readonly repeat?: number;
  readonly out?: string;
}

const words = (text: string): readonly string[] => [...new Set(text.split(',').map((word) => word.trim()))];

function count(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
}

const counts = (text: string): readonly number[] => words(text).map(count);

function variantNamed(name: string): string {
  if (variantNames.includes(name)) return name;
  throw new InvalidRequestError(`no variant ${JSON.stringify(name)}; there are ${variantNames.join(', ')}`, {
    where: 'variants',
  });
}

function help(): string {
  const lines = targets.map(({ name, description }) => `  ${name.padEnd(4)}${description}`);
  return `
Workloads:
${lines.join('\n')}

Variants: ${variantNames.join(', ')}.

Examples:
  pnpm --silent bench --only W1,W3 --threads 1,2
  pnpm --silent bench --peers --repeat 5 --json
  pnpm --silent bench --only W1 --variants relaxed --against bench/results/before.json

What a row means: docs/benchmarks.md.`;
}
