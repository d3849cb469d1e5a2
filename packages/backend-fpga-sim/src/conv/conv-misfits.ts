/** Whether a block fits a convolution engine: every reason why not, with numbers and what helps. */
import {
  type Block,
  type Coupling,
  couplingView,
  type Misfit,
  type Program,
  spinCountOf,
  weightRef,
} from '@isinglass/sdk';
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import { type ConvGeometry, convGeometry, type Tile } from './conv-geometry.ts';
import { isStreamed, weightBitsOf } from './conv-image.ts';
import { bufferedSteps, convCapacity } from './conv-memory-map.ts';

export function convMisfits(p: ConvParameters, program: Program, block: Block): readonly Misfit[] {
  const where = `stages[${program.json.stages.indexOf(block)}]`;
  if (block.fixed === undefined) {
    return [{ limit: 'features.real', needed: 1, available: 0, where, remedies: ['compile for the fixed law'] }];
  }
  const limits = new Limits(where);
  const spins = block.banks.reduce((sum, bank) => sum + spinCountOf(bank), 0);
  limits.atMost('spins.max', spins, p.spins, ['a machine with more spins: &spins=', 'smaller blocks']);
  limits.atMost('dynamics.colorsMax', block.schedule.colors.length, p.colors, [
    'fewer colors',
    'a machine with more: &colors=',
  ]);
  limits.atMost('field.fractionBits.max', block.fixed.fractionBits, p.format.fractionBits, [
    `compile with --fraction-bits ${p.format.fractionBits}`,
    'a machine with a finer field: &format=',
  ]);
  block.couplings.forEach((coupling, n) => {
    weightMisfits(p, program, coupling, limits.within(`couplings[${n}]`));
    sumMisfits(p, program, block, coupling, limits.within(`couplings[${n}]`));
  });
  degreeMisfits(p, program, block, limits);
  // What cannot be laid out has no needs that could be counted.
  if (formMisfits(block, limits)) return limits.misfits;
  const geometry = convGeometry(program, block, p);
  for (const bank of geometry.torn) {
    limits
      .within(`banks[${block.banks.findIndex(({ id }) => id === bank)}]`)
      .atMost('conv.views', 2, 1, [
        'a bank that is updated is a map for all its couplings or a vector for all of them: write its dense couplings as convolutions of kernel 1, or the other way round',
        'the lane engine, which takes any graph',
      ]);
  }
  if (geometry.torn.length === 0) memoryMisfits(p, geometry, limits);
  return limits.misfits;
}

/** Collects what exceeds its limit. */
class Limits {
  readonly misfits: Misfit[];
  readonly #where: string;

  constructor(where: string, misfits: Misfit[] = []) {
    this.#where = where;
    this.misfits = misfits;
  }

  within(part: string): Limits {
    return new Limits(`${this.#where}.${part}`, this.misfits);
  }

  atMost(limit: string, needed: number, available: number, remedies: readonly string[]): void {
    if (needed > available) this.misfits.push({ limit, needed, available, where: this.#where, remedies });
  }
}

/** Whether there is any. */
function formMisfits(block: Block, limits: Limits): boolean {
  const before = limits.misfits.length;
  block.couplings.forEach(({ form }, n) => {
    const other = form.kind === 'sparse' || form.kind === 'diagonal';
    limits
      .within(`couplings[${n}]`)
      .atMost('couplings.forms', Number(other), 0, [
        'write the coupling in a form that the device takes: conv, dense',
        'the lane engine, which takes any graph',
      ]);
  });
  block.banks.forEach((bank, n) => {
    limits
      .within(`banks[${n}]`)
      .atMost('features.color-map', Number(bank.colorMap !== undefined), 0, [
        'one color for each bank',
        'the lane engine, which takes any coloring',
      ]);
  });
  return limits.misfits.length > before;
}

function weightMisfits(p: ConvParameters, program: Program, { form }: Coupling, limits: Limits): void {
  const weights = program.tensors.get(weightRef(form).tensor)?.data as Int8Array;
  if (p.weightBits === 1) {
    const others = weights.reduce((count, w) => count + Number(Math.abs(w) !== 1), 0);
    limits.atMost('weights.levels', others, 0, [
      'quantize to the levels −1, +1',
      'a machine with more bits: &weightBits=',
    ]);
    return;
  }
  limits.atMost('weights.bits', signedBits(largestWeight(weights)), p.weightBits, [
    `compile with --weight-bits ${p.weightBits}`,
    'a machine with more bits: &weightBits=',
  ]);
}

/** Where sums may not saturate they have to fit. */
function sumMisfits(p: ConvParameters, program: Program, block: Block, coupling: Coupling, limits: Limits): void {
  if (p.overflow === 'saturate') return;
  const view = couplingView(coupling, block, program.tensors);
  const sum = Math.max(largest(view.absoluteSums('to')), largest(view.absoluteSums('from')));
  limits.atMost('field.accumulatorBits', signedBits(sum), p.accumulatorBits, [
    'fewer weight bits',
    'a smaller fan-in',
    'a machine with wider sums: &accumulatorBits=, or &overflow=saturate, which counts what it cuts off',
  ]);
}

/** Couplings that are counted spin by spin, at most: a fraction of a second. */
const countedMax = 2 ** 24;

/** By bank: the most couplings of one of its spins to free spins. */
function degreeMisfits(p: ConvParameters, program: Program, block: Block, limits: Limits): void {
  const pinned = new Set(block.banks.filter(({ role }) => role === 'pinned').map(({ id }) => id));
  block.banks.forEach((bank, n) => {
    if (pinned.has(bank.id)) return;
    const ends = block.couplings.flatMap((coupling) =>
      (['to', 'from'] as const).flatMap((side) => {
        const other = coupling[side === 'to' ? 'from' : 'to'];
        const view = couplingView(coupling, block, program.tensors);
        return coupling[side] === bank.id && !pinned.has(other) ? [{ view, side }] : [];
      }),
    );
    // No spin has more than the largest degrees of all couplings together: only where those do not fit, and are not too many to count, spins are looked at.
    let degree = ends.reduce((sum, { view, side }) => sum + view.maxDegree(side), 0);
    if (degree > p.degree && degree * spinCountOf(bank) <= countedMax) {
      degree = 0;
      for (let spin = 0; spin < spinCountOf(bank); spin++) {
        const ofSpin = ends.reduce((sum, { view, side }) => sum + view.degree(side, spin), 0);
        degree = Math.max(degree, ofSpin);
      }
    }
    limits
      .within(`banks[${n}]`)
      .atMost('couplings.degreeMax', degree, p.degree, [
        'smaller kernels or fewer channels',
        'a machine that takes more: &degree=',
      ]);
  });
}

function memoryMisfits(p: ConvParameters, geometry: ConvGeometry, limits: Limits): void {
  const capacity = convCapacity(p);
  limits.atMost('conv.sites', geometry.sites, capacity.sites, [
    'fewer banks: each is padded to 32 spins',
    'a machine with more spins: &spins=',
  ]);
  limits.atMost('conv.couplings', geometry.couplings.length, capacity.couplings, ['fewer couplings in a block']);
  limits.atMost('conv.sources', geometry.sourceWords, capacity.sources, [
    'smaller kernels or maps',
    'a machine with more spins, which has a larger table of sources: &spins=',
  ]);
  const tiles = [...geometry.staticTiles, ...geometry.sweepTiles];
  limits.atMost('conv.tiles', tiles.length, capacity.tiles, [
    'fewer groups of channels',
    'an array of more channels: &channels=',
  ]);
  limits.atMost(
    'conv.terms',
    tiles.reduce((sum, { terms }) => sum + terms.length, 0),
    capacity.terms,
    ['fewer couplings of each bank', 'an array of more channels: &channels='],
  );
  limits.atMost('conv.weightBytes', geometry.weightBytes, capacity.weightBytes, weightRemedies);
  if (!isStreamed(p, geometry)) return;
  if (p.weightBytesPerSecond === null) {
    limits.atMost('conv.weightMemoryBits', weightBitsOf(p, geometry), 8 * p.weightMemoryBytes, weightRemedies);
    return;
  }
  limits.atMost(
    'conv.bufferedSteps',
    tiles.reduce((most, tile) => Math.max(most, stepsOf(tile)), 0),
    bufferedSteps(p),
    [
      'fewer inputs of a spin: two tiles of weights have to be on chip',
      'a machine with more memory for weights: &weightMemoryKiB=',
    ],
  );
}

const weightRemedies = [
  'fewer or smaller weights',
  'a machine with more memory for weights: &weightMemoryKiB=, or with memory outside: &weightMBps=',
];

const stepsOf = ({ terms }: Tile): number => terms.reduce((sum, { steps }) => sum + steps, 0);

/** The smallest b with magnitude ≤ 2^(b−1) − 1. */
const signedBits = (magnitude: number): number => 1 + Math.ceil(Math.log2(magnitude + 1));

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);

/** |w|. Networks have tens of millions of weights. */
function largestWeight(weights: Int8Array): number {
  let most = 0;
  for (let n = 0; n < weights.length; n++) most = Math.max(most, Math.abs(weights[n] as number));
  return most;
}
