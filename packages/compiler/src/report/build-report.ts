import {
  type Block,
  blockCounts,
  type CouplingCounts,
  type CouplingForm,
  couplingView,
  type Program,
  programCounts,
  spinCountOf,
} from '@isinglass/sdk';
import { blocksOfProgram, type ProgramDraft, weightTensor } from '../emit/emit-pass.ts';
import type { PassRunner } from '../pipeline/pass.ts';
import type { BoundsOfBlocks } from '../quantize/fixed-law-pass.ts';
import type { RoundedCoupling } from '../quantize/rounded-block.ts';
import { retainedSweeps, type ScheduledBlock } from '../schedule/schedule-pass.ts';
import { compilerVersion } from '../version.ts';
import type {
  BlockReport,
  CompileReport,
  CouplingReport,
  NodeReport,
  ReportTotals,
  StageReport,
} from './compile-report.ts';

/** What the report is read from. */
export interface ReportSources {
  readonly program: Program;
  readonly draft: ProgramDraft;
  /** Empty under the real law. */
  readonly bounds: BoundsOfBlocks;
  readonly weightBits: number | null;
  readonly fractionBits: number | null;
  readonly runner: Pick<PassRunner, 'records' | 'diagnostics'>;
}

/** Everything is read from the program and from what the passes kept; counts are closed forms. */
export function buildReport(sources: ReportSources): CompileReport {
  const { program, draft, runner } = sources;
  const { source } = draft.model;
  const stages = stageReports(sources);
  return {
    name: program.json.name,
    law: program.json.law.kind,
    weightBits: sources.weightBits,
    fractionBits: sources.fractionBits,
    programHash: program.hash,
    compiler: `@isinglass/compiler ${compilerVersion}`,
    producer: source.producer,
    opset: source.opset,
    stages,
    totals: totals(program, draft, stages),
    nodes: nodeReports(draft),
    passes: runner.records,
    diagnostics: runner.diagnostics,
  };
}

function stageReports({ program, draft, bounds }: ReportSources): readonly StageReport[] {
  const blocks = blocksOfProgram(program.json);
  let index = 0;
  return draft.model.stages.map((stage): StageReport => {
    if (stage.kind === 'host') {
      const { id, inputs, outputs, onnx, multiplyAdds } = stage.host;
      return { kind: 'host', id, inputs, outputs, onnxBytes: onnx.length, multiplyAdds };
    }
    const at = index++;
    return blockReport(blocks[at] as Block, stage.block, program, bounds[at] ?? []);
  });
}

function blockReport(
  block: Block,
  scheduled: ScheduledBlock,
  program: Program,
  bounds: BlockReport['bounds'],
): BlockReport {
  const strongest = Math.max(...scheduled.couplings.map((coupling) => reachOf(coupling, block)));
  return {
    kind: 'block',
    id: block.id,
    index: block.index,
    banks: block.banks.map((bank) => ({ id: bank.id, role: bank.role, shape: bank.shape, spins: spinCountOf(bank) })),
    counts: blockCounts(block, program.tensors),
    couplings: scheduled.couplings.map((coupling) => couplingReport(coupling, block, program, strongest)),
    biases: scheduled.biases.map(({ bank, gain, form, values, reason }) => ({
      bank,
      gain,
      form,
      values: values.length,
      reason,
    })),
    gains: block.gains,
    schedule: { ...scheduled.schedule, retained: retainedSweeps(scheduled.schedule) },
    bounds,
  };
}

function couplingReport(rounded: RoundedCoupling, block: Block, program: Program, strongest: number): CouplingReport {
  const coupling = block.couplings.find((candidate) => candidate.id === rounded.id) as Block['couplings'][number];
  const view = couplingView(coupling, block, program.tensors);
  const { nominal, actual } = view.nnz();
  const isFree = (id: string) => block.banks.some((bank) => bank.id === id && bank.role === 'free');
  const counts: CouplingCounts = { nominal, actual, free: isFree(coupling.from) && isFree(coupling.to) ? actual : 0 };
  return {
    id: coupling.id,
    from: coupling.from,
    to: coupling.to,
    form: formInWords(coupling.form, rounded.shape),
    gain: coupling.gain,
    counts,
    weights: weightTensor(coupling.form, program.tensors).data.length,
    degreeMax: { from: view.maxDegree('from'), to: view.maxDegree('to') },
    rounding: roundingReport(rounded, block, strongest),
    nodes: rounded.nodes,
  };
}

/** The largest |gain · J| of a coupling: what a device with one unit for all has to reach. */
function reachOf({ gain, rounding }: RoundedCoupling, block: Block): number {
  if (rounding === null) return 0;
  const factor = block.gains.find((candidate) => candidate.id === gain)?.value ?? 1;
  return factor * rounding.scale * rounding.quality.weightMax;
}

function roundingReport(rounded: RoundedCoupling, block: Block, strongest: number): CouplingReport['rounding'] {
  if (rounded.rounding === null) return null;
  const { quality, scale } = rounded.rounding;
  // One unit for all: the strongest coupling of the block takes all levels, this one its share of them.
  const levels = (2 ** (quality.bits - 1) - 1) * (reachOf(rounded, block) / strongest);
  return { ...quality, scale, effectiveBits: Math.log2(2 * levels + 1) };
}

/** `conv 3×3, stride 2`: geometry without sizes. */
export function formInWords(form: Pick<CouplingForm, 'kind'> | CouplingForm, shape: readonly number[]): string {
  if (!('strides' in form)) return form.kind;
  const words = [`conv ${shape.slice(2).join('×')}`];
  const add = (what: string, values: readonly number[], usual: number) => {
    if (values.every((value) => value === usual)) return;
    words.push(`${what} ${new Set(values).size === 1 ? values[0] : values.join(' ')}`);
  };
  add('stride', form.strides, 1);
  add('pad', form.pads, 0);
  add('dilation', form.dilations, 1);
  add('groups', [form.groups], 1);
  return words.join(', ');
}

function totals(program: Program, draft: ProgramDraft, stages: readonly StageReport[]): ReportTotals {
  const blocks = stages.filter((stage) => stage.kind === 'block');
  const banks = blocks.flatMap((block) => block.banks);
  const spinsOf = (role: 'pinned' | 'free') =>
    sum(banks.filter((bank) => bank.role === role).map((bank) => bank.spins));
  const model = draft.model.source.multiplyAdds;
  const host = sum(stages.map((stage) => (stage.kind === 'host' ? stage.multiplyAdds : 0)));
  return {
    freeSpins: spinsOf('free'),
    pinnedSpins: spinsOf('pinned'),
    couplings: programCounts(program),
    weights: sum(blocks.flatMap((block) => block.couplings.map((coupling) => coupling.weights))),
    biasValues: sum(blocks.flatMap((block) => block.biases.map((bias) => bias.values))),
    multiplyAdds: { model, host, offloadedShare: model === 0 ? 0 : 1 - host / model },
  };
}

function nodeReports(draft: ProgramDraft): readonly NodeReport[] {
  return draft.model.stages.flatMap((stage): readonly NodeReport[] => {
    if (stage.kind === 'block') {
      const { couplings, model } = stage.block;
      return model.nodes.map((node) => {
        const into = couplings.filter((coupling) => coupling.nodes.includes(node)).map((coupling) => coupling.id);
        const reason = into.length === 0 ? 'what the spins of the block do' : `folded into ${into.join(', ')}`;
        return { node, stage: model.id, reason };
      });
    }
    const { id, nodes, reasons } = stage.host;
    return nodes.map((node) => ({ node, stage: id, reason: reasons.get(node) ?? 'not part of a thermodynamic block' }));
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
