/** Smaller and simpler programs, with the run cut to fit. */
import {
  type Block,
  createProgram,
  type Program,
  type ProgramJson,
  type ProgramTensor,
  programFeatures,
  weightRef,
} from '@isinglass/sdk';
import { CannotCrop, croppedBlock, croppedSpins, keptIndices, type Shapes, shapesAfter } from './crop-bank.ts';
import type { Candidate, ExactCase } from './exact-case.ts';
import { eachBank } from './run-candidates.ts';
import { blockOf, type RunPlan } from './run-plan.ts';

/** In the order in which they are tried: what removes most comes first. */
export function programCandidates(whole: ExactCase): Candidate[] {
  const { program, run } = whole;
  const block = blockOf(program, run.block);
  const { tensors } = program;
  const out: Candidate[] = [];
  const offer = (changed: Partial<Block>): void => {
    out.push(() => withBlock(whole, { ...block, ...changed }, tensors));
  };
  if (program.json.stages.length > 1) offer({});
  for (const { id } of block.banks) out.push(() => withoutBank(whole, block, id));
  for (const n of block.couplings.keys()) offer({ couplings: block.couplings.filter((_, other) => other !== n) });
  for (const n of block.biases.keys()) offer({ biases: block.biases.filter((_, other) => other !== n) });
  for (const { id, shape } of block.banks) {
    for (const [axis, size] of shape.entries()) {
      for (const smaller of new Set([1, size >> 1, size - 1])) {
        if (smaller < 1 || smaller >= size) continue;
        out.push(() => cropped(whole, block, shapesAfter(block, tensors, { bank: id, axis, size: smaller })));
      }
    }
  }
  for (const [n, coupling] of block.couplings.entries()) {
    const { tensor } = weightRef(coupling.form);
    for (const half of [0, 1] as const) out.push(() => withoutWeights(whole, block, tensor, half));
    if (coupling.constraint !== undefined) {
      const { constraint: _, ...plain } = coupling;
      offer({ couplings: block.couplings.with(n, plain) });
    }
    if (coupling.gain !== 'one') offer({ couplings: block.couplings.with(n, { ...coupling, gain: 'one' }) });
  }
  for (const [n, bias] of block.biases.entries()) {
    if (bias.gain !== 'one') offer({ biases: block.biases.with(n, { ...bias, gain: 'one' }) });
  }
  if (typeof block.schedule.beta !== 'number') {
    const beta = Math.max(...block.schedule.beta.map((step) => step.beta));
    offer({ schedule: { ...block.schedule, beta } });
  }
  if (block.index !== 0) {
    out.push(() => withBlock({ program, run: { ...run, block: 0 } }, { ...block, index: 0 }, tensors));
  }
  return out;
}

/** A program of this block alone; unused gains, colors, inputs and tensors are gone. */
function withBlock({ program, run }: ExactCase, block: Block, tensors: Program['tensors']): ExactCase {
  const used = new Set(['one', ...block.couplings.map(({ gain }) => gain), ...block.biases.map(({ gain }) => gain)]);
  const colors = new Set(block.banks.flatMap((bank) => colorsOf(bank, tensors)));
  const slim: Block = {
    ...block,
    gains: block.gains.filter(({ id }) => used.has(id)),
    schedule: { ...block.schedule, colors: block.schedule.colors.filter((color) => colors.has(color)) },
  };
  const pinned = slim.banks.filter((bank) => bank.role === 'pinned');
  const json: Omit<ProgramJson, 'features'> = {
    ...program.json,
    stages: [slim],
    inputs: pinned.map(({ value, shape }) => ({ name: value, dtype: 'spin', shape: ['batch', ...shape] })),
  };
  const runtime = new Set(slim.gains.filter((gain) => gain.runtime).map(({ id }) => id));
  return {
    program: createProgram({ ...json, features: programFeatures(json) }, usedTensors(json, tensors)),
    run: { ...run, gains: Object.fromEntries(Object.entries(run.gains).filter(([id]) => runtime.has(id))) },
  };
}

function colorsOf(bank: Block['banks'][number], tensors: Program['tensors']): readonly number[] {
  if (bank.colorMap !== undefined)
    return [...((tensors.get(bank.colorMap.tensor) as ProgramTensor).data as Uint16Array)];
  return bank.color === undefined ? [] : [bank.color];
}

function usedTensors(json: Pick<ProgramJson, 'stages'>, tensors: Program['tensors']): Map<string, ProgramTensor> {
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, part] of Object.entries(value)) {
      if (key === 'tensor' && typeof part === 'string') used.add(part);
      else visit(part);
    }
  };
  visit(json.stages);
  return new Map([...tensors].filter(([name]) => used.has(name)));
}

function withoutBank({ program, run }: ExactCase, block: Block, id: string): ExactCase {
  const left = run.readouts.filter(({ bank }) => bank !== id);
  const other = block.banks.find((bank) => bank.role === 'free' && bank.id !== id);
  if (other === undefined) throw new CannotCrop('nothing would be read');
  const readouts = left.length > 0 ? left : run.readouts.slice(0, 1).map((ask) => ({ ...ask, bank: other.id }));
  const without = <T>(banks: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(banks).filter(([bank]) => bank !== id));
  const kept: Block = {
    ...block,
    banks: block.banks.filter((bank) => bank.id !== id),
    couplings: block.couplings.filter(({ from, to }) => from !== id && to !== id),
    biases: block.biases.filter(({ bank }) => bank !== id),
    readouts: block.readouts
      .map((readout) => (readout.bank === id ? { ...readout, bank: other.id } : readout))
      .slice(0, 1),
  };
  const { start } = run;
  const smaller: RunPlan = {
    ...run,
    readouts,
    inputs: without(run.inputs),
    start: start.kind === 'given' ? { kind: 'given', states: without(start.states) } : start,
  };
  return withBlock({ program, run: smaller }, kept, program.tensors);
}

function cropped({ program, run }: ExactCase, block: Block, shapes: Shapes): ExactCase {
  const kept = new Map(
    block.banks.map(({ id, shape }) => [id, keptIndices(shape, shapes.get(id) as readonly number[])]),
  );
  const crop = (banks: RunPlan['inputs']) =>
    eachBank(banks, (spins, bank) => croppedSpins(spins, kept.get(bank) as number[]));
  const { start } = run;
  const smaller: RunPlan = {
    ...run,
    inputs: crop(run.inputs),
    start: start.kind === 'given' ? { kind: 'given', states: crop(start.states) } : start,
  };
  const cut = croppedBlock(block, program.tensors, shapes);
  return withBlock({ program, run: smaller }, cut.block, cut.tensors);
}

/** One half of a coupling's weights is 0. */
function withoutWeights(whole: ExactCase, block: Block, name: string, half: 0 | 1): ExactCase {
  const tensor = whole.program.tensors.get(name) as ProgramTensor;
  const weights = tensor.data as Int8Array | Float32Array;
  const nonzero = [...weights.keys()].filter((n) => weights[n] !== 0);
  if (nonzero.length < 2) throw new CannotCrop('a single weight');
  const middle = nonzero.length >> 1;
  const data = tensor.data.slice() as Int8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  for (const n of half === 0 ? nonzero.slice(0, middle) : nonzero.slice(middle)) data[n] = 0;
  const tensors = new Map([...whole.program.tensors, [name, { ...tensor, data }] as const]);
  return withBlock(whole, block, tensors);
}
