/** What `run` answers. */
import type { BlockReport, Program, RunReport } from '@isinglass/sdk';
import { formatCount, formatShare, formatTable } from '../output/table.ts';
import { type CostSummary, formatCost } from './cost-summary.ts';
import type { TraceSummary } from './trace-file.ts';

/** Shares are of all images, 0 … 1; null: not computed. */
export interface RunSummary {
  readonly images: number;
  /** Of the run's labels, against `--labels`. */
  readonly accuracy: number | null;
  /** Of the program's own feed-forward evaluation. */
  readonly feedForwardAccuracy: number | null;
  /** Of the network that the program was compiled from. */
  readonly modelAccuracy: number | null;
  /** Images whose label is that of the program's feed-forward evaluation. */
  readonly agreement: number | null;
  /** One number when all blocks agree, else one per block. */
  readonly sweeps: number | readonly number[];
  readonly chains: number | readonly number[];
  /** The gain `delta`; null in a program without it. */
  readonly delta: number | null | readonly (number | null)[];
  readonly seconds: number;
  readonly updates: number;
  readonly synapticOperations: number;
  readonly device: string;
  readonly programHash: string;
  readonly blocks: readonly BlockReport[];
  /** With `--cost`. */
  readonly cost: CostSummary | null;
  /** With `--trace`. */
  readonly trace: TraceSummary | null;
}

export type Comparison = Pick<RunSummary, 'accuracy' | 'feedForwardAccuracy' | 'modelAccuracy' | 'agreement'>;

export function runSummary(o: {
  readonly program: Program;
  readonly report: RunReport;
  readonly device: string;
  readonly comparison: Comparison;
  readonly cost: CostSummary | null;
  readonly trace: TraceSummary | null;
}): RunSummary {
  const { report, program, comparison } = o;
  return {
    images: report.images,
    accuracy: comparison.accuracy,
    feedForwardAccuracy: comparison.feedForwardAccuracy,
    modelAccuracy: comparison.modelAccuracy,
    agreement: comparison.agreement,
    sweeps: oneOrPerBlock(report.blocks.map((block) => block.sweeps)),
    chains: oneOrPerBlock(report.blocks.map((block) => block.chains)),
    delta: oneOrPerBlock(report.blocks.map((block) => deltaOf(block, program))),
    seconds: report.seconds,
    updates: report.updates,
    synapticOperations: report.synapticOperations,
    device: o.device,
    programHash: program.hash,
    blocks: report.blocks,
    cost: o.cost,
    trace: o.trace,
  };
}

export function formatSummary(s: RunSummary): string {
  const share = (name: string, value: number | null): [string, string][] =>
    value === null ? [] : [[name, formatShare(value)]];
  const table = formatTable([
    ['images', formatCount(s.images)],
    ...share('accuracy', s.accuracy),
    ...share('accuracy, program feed-forward', s.feedForwardAccuracy),
    ...share('accuracy, original model', s.modelAccuracy),
    ...share('agreement with feed-forward', s.agreement),
    ['sweeps', [s.sweeps].flat().join(', ')],
    ['chains', [s.chains].flat().join(', ')],
    ...(s.delta === null ? [] : [['delta', [s.delta].flat().join(', ')]]),
    ['seconds', s.seconds.toFixed(2)],
    ['ms per image', ((1000 * s.seconds) / Math.max(1, s.images)).toFixed(2)],
    ['spin updates', formatCount(s.updates)],
    ['synaptic operations', formatCount(s.synapticOperations)],
    ['device', s.device],
    ['program', s.programHash],
    ...(s.trace === null ? [] : [traceRow(s.trace)]),
  ]);
  return s.cost === null ? table : `${table}\n${formatCost(s.cost)}`;
}

const traceRow = ({ file, spans, whole }: TraceSummary): [string, string] => [
  'trace',
  `${file}, ${formatCount(spans)} spans${whole ? '' : ', where sweeps are merged: more with --trace-spans'}`,
];

function deltaOf(report: BlockReport, program: Program): number | null {
  const block = program.json.stages.find((stage) => stage.kind === 'block' && stage.id === report.id);
  const compiled = block?.kind === 'block' ? block.gains.find((gain) => gain.id === 'delta')?.value : undefined;
  return report.gains.delta ?? compiled ?? null;
}

function oneOrPerBlock<T>(values: readonly T[]): T | readonly T[] {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : values;
}
