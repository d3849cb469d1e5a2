/** What `inspect` says of a program, as data and as text. */
import {
  type Block,
  blockCounts,
  type CouplingCounts,
  type Program,
  programCounts,
  type Stage,
  spinCountOf,
  type ValueSpec,
} from '@isinglass/sdk';
import { formatCount, formatTable } from '../output/table.ts';
import { type ProgramWarning, programWarnings } from './program-warnings.ts';

/** `counts` are couplings (semantics 3.7). */
export interface Inspection {
  readonly name: string;
  readonly irVersion: string;
  readonly programHash: string;
  readonly law: 'fixed' | 'real';
  readonly features: readonly string[];
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  readonly spins: SpinCounts;
  readonly counts: CouplingCounts;
  readonly stages: readonly StageInspection[];
  readonly tensors: readonly TensorInspection[];
  readonly bytes: number;
  readonly warnings: readonly ProgramWarning[];
  readonly provenance: Readonly<Record<string, unknown>>;
}

export interface SpinCounts {
  readonly pinned: number;
  readonly free: number;
}

export type StageInspection =
  | {
      readonly kind: 'host';
      readonly id: string;
      readonly inputs: readonly string[];
      readonly outputs: readonly string[];
    }
  | {
      readonly kind: 'block';
      readonly id: string;
      readonly index: number;
      readonly spins: SpinCounts;
      readonly counts: CouplingCounts;
      readonly gains: Readonly<Record<string, number>>;
      readonly schedule: Block['schedule'];
      readonly readouts: Block['readouts'];
    };

export interface TensorInspection {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: number;
}

export function inspection(program: Program): Inspection {
  const { json, tensors } = program;
  const blocks = json.stages.filter((stage) => stage.kind === 'block');
  const listed = [...tensors].map(([name, { dtype, shape, data }]) => ({ name, dtype, shape, bytes: data.byteLength }));
  return {
    name: json.name,
    irVersion: json.irVersion,
    programHash: program.hash,
    law: json.law.kind,
    features: json.features,
    inputs: json.inputs,
    outputs: json.outputs,
    spins: addSpins(blocks.map(spinsOf)),
    counts: programCounts(program),
    stages: json.stages.map((stage) => inspectStage(stage, program)),
    tensors: listed,
    bytes: listed.reduce((sum, tensor) => sum + tensor.bytes, 0),
    warnings: programWarnings(program),
    provenance: json.provenance,
  };
}

export function formatInspection(i: Inspection & { readonly file: string }): string {
  const value = (v: ValueSpec) => `${v.name}: ${v.dtype} [${v.shape.join(', ')}]`;
  const facts = formatTable([
    ['file', i.file],
    ['program', `${i.name} (ir ${i.irVersion}, ${i.law} law)`],
    ['hash', i.programHash],
    ['features', i.features.join(', ')],
    ['inputs', i.inputs.map(value).join('; ')],
    ['outputs', i.outputs.map(value).join('; ')],
    ['spins', `${formatCount(i.spins.free)} free, ${formatCount(i.spins.pinned)} pinned`],
    ['couplings', countsText(i.counts)],
  ]);
  const stages = formatTable(
    i.stages.map((stage) =>
      stage.kind === 'host'
        ? [stage.id, 'host', `${stage.inputs.join(', ')} → ${stage.outputs.join(', ')}`]
        : [stage.id, `block ${stage.index}`, blockText(stage)],
    ),
    { head: ['stage', 'kind', ''] },
  );
  const tensors = formatTable(
    i.tensors.map((t) => [t.name, t.dtype, `[${t.shape.join(', ')}]`, formatCount(t.bytes)]),
    { head: ['tensor', 'dtype', 'shape', 'bytes'] },
  );
  const warnings = i.warnings.map((w) => `warning: ${w.where}: ${w.message}\n`).join('');
  return [facts, stages, tensors, warnings].filter((part) => part !== '').join('\n');
}

function inspectStage(stage: Stage, program: Program): StageInspection {
  if (stage.kind === 'host') return { kind: 'host', id: stage.id, inputs: stage.inputs, outputs: stage.outputs };
  return {
    kind: 'block',
    id: stage.id,
    index: stage.index,
    spins: spinsOf(stage),
    counts: blockCounts(stage, program.tensors),
    gains: Object.fromEntries(stage.gains.map((gain) => [gain.id, gain.value])),
    schedule: stage.schedule,
    readouts: stage.readouts,
  };
}

function spinsOf(block: Block): SpinCounts {
  const count = (role: 'pinned' | 'free') =>
    block.banks.filter((bank) => bank.role === role).reduce((sum, bank) => sum + spinCountOf(bank), 0);
  return { pinned: count('pinned'), free: count('free') };
}

function addSpins(parts: readonly SpinCounts[]): SpinCounts {
  return {
    pinned: parts.reduce((sum, part) => sum + part.pinned, 0),
    free: parts.reduce((sum, part) => sum + part.free, 0),
  };
}

function countsText({ nominal, actual, free }: CouplingCounts): string {
  return `${formatCount(nominal)} nominal, ${formatCount(actual)} actual, ${formatCount(free)} free`;
}

function blockText(stage: Extract<StageInspection, { kind: 'block' }>): string {
  const { sweeps, burnIn, chains, init } = stage.schedule;
  const gains = Object.entries(stage.gains).map(([id, value]) => `${id} ${value}`);
  const readouts = stage.readouts.map((readout) => `${readout.observable} of ${readout.bank}`);
  return [
    `${formatCount(stage.spins.free)} free spins`,
    `${formatCount(stage.counts.actual)} couplings`,
    `${sweeps} sweeps (${burnIn} burn-in, ${chains} chains, ${init} start)`,
    ...gains,
    ...readouts,
  ].join('; ');
}
