/** What a generated program and its run exercise, by name: so that tests can say what they have seen. */
import { type Bank, type Block, type Coupling, fullTemperature, type Program } from '@isinglass/sdk';
import type { RunData } from '@isinglass/sdk/testing';
import { type GeneratedRun, goesOn } from './generated-cases.ts';

export function exercisedBy({ seed, program, run }: GeneratedRun): ReadonlySet<string> {
  const block = program.json.stages.find(
    (stage): stage is Block => stage.kind === 'block' && stage.index === run.block,
  );
  if (block === undefined) throw new Error(`no block has index ${run.block}`);
  return new Set([
    ...block.couplings.flatMap((coupling) => couplingNames(program, block, coupling)),
    ...block.banks.flatMap(bankNames),
    ...block.biases.map(({ form }) => `bias by ${form}`),
    `${block.fixed?.fractionBits} fraction bits`,
    ...temperatureNames(run),
    ...rowNames(run),
    ...sweepNames(run),
    ...readoutNames(run),
    `${run.start.kind} start`,
    ...(goesOn(seed) ? ['resumed'] : []),
    ...(gainsDiffer(block, run) ? ['gain at run time'] : []),
  ]);
}

/** Of a coupling that reaches a free spin; of others nothing is computed. */
function couplingNames({ tensors }: Program, { banks }: Block, { form, from, to }: Coupling): readonly string[] {
  const isFree = (id: string): boolean => banks.some(({ id: bank, role }) => bank === id && role === 'free');
  if (!isFree(from) && !isFree(to)) return [];
  const ends = from === to ? 'within a bank' : isFree(from) && isFree(to) ? 'among free banks' : 'with a pinned bank';
  const { tensor } = form.kind === 'conv' ? form.kernel : form.kind === 'dense' ? form.matrix : form.value;
  const weights = tensors.get(tensor)?.data as Int8Array;
  const names = [form.kind, `${form.kind} ${ends}`, `weights of ${weightBits(weights)} bits`];
  if (form.kind !== 'conv') return names;
  const { strides, pads, dilations, groups } = form;
  const rank = strides.length;
  const unequal = pads.slice(0, rank).some((pad, axis) => pad !== pads[rank + axis]);
  return [
    ...names,
    `conv of rank ${rank}`,
    ...strides.map((stride) => `conv stride ${stride}`),
    ...dilations.map((dilation) => `conv dilation ${dilation}`),
    ...pads.map((pad) => `conv pad ${pad}`),
    ...(unequal ? ['conv padded unequally'] : []),
    groups > 1 ? 'conv in groups' : 'conv in one group',
  ];
}

/** The smallest range −(2^(b−1) − 1) … 2^(b−1) − 1 that holds them. */
function weightBits(weights: Int8Array): number {
  const largest = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 1);
  return 1 + Math.ceil(Math.log2(largest + 1));
}

function bankNames(bank: Bank): readonly string[] {
  if (bank.role === 'pinned') return ['pinned bank'];
  return bank.colorMap === undefined ? ['one color'] : ['color map'];
}

function temperatureNames({ temperatures }: RunData): readonly string[] {
  return [...(temperatures ?? [fullTemperature])].map((b) => {
    if (b === 0) return 'no temperature: b = 0';
    return b === fullTemperature ? 'full temperature' : 'a temperature between';
  });
}

function rowNames({ images, chains, chainOffset }: RunData): readonly string[] {
  const rows = images.length * chains;
  return [
    chains === 1 ? 'one chain' : 'several chains',
    ...(chains >= 20 ? ['20 chains and more'] : []),
    images.length === 1 ? 'one image' : 'several images',
    ...(images.includes(0xffff_ffff) ? ['the last image number'] : []),
    ...(chainOffset > 0 ? ['later chains'] : []),
    ...(chainOffset + chains === 2 ** 24 ? ['the last chain number'] : []),
    ...(rows === 1 ? ['a single row'] : []),
    ...(rows > 64 ? ['more rows than invocations'] : []),
  ];
}

function sweepNames({ sweeps, burnIn, stride, sweepOffset }: RunData): readonly string[] {
  return [
    ...(burnIn > 0 ? ['burn-in'] : []),
    stride > 1 ? 'not every sweep retained' : 'every sweep retained',
    ...(sweepOffset > 0 ? ['later sweeps'] : []),
    ...(sweepOffset + sweeps === 2 ** 32 - 1 ? ['the last sweep number'] : []),
  ];
}

function readoutNames({ readouts }: RunData): readonly string[] {
  return readouts.flatMap(({ observable, as, tie }) =>
    observable === 'state' || as === 'sums'
      ? [`${observable} as ${as}`]
      : [`${observable} as ${as}`, `${observable}: ties are ${tie}`],
  );
}

function gainsDiffer({ gains }: Block, run: RunData): boolean {
  return gains.some(({ id, value, runtime }) => runtime && run.gains[id] !== undefined && run.gains[id] !== value);
}
