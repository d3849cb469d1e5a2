/** Whether a block fits a lane engine: every reason why not, with numbers and what helps. */
import { type Block, type Coupling, type Misfit, type Program, spinCountOf, weightRef } from '@isinglass/sdk';
import type { LaneParameters } from '../parameters/engine-parameters.ts';
import { type CouplingEnd, type LaneGeometry, laneGeometry, rowsOf } from './lane-geometry.ts';
import { groupsPerPhaseMax, laneCapacity } from './lane-memory-map.ts';

export function laneMisfits(p: LaneParameters, program: Program, block: Block): readonly Misfit[] {
  const where = `stages[${program.json.stages.indexOf(block)}]`;
  if (block.fixed === undefined) {
    return [{ limit: 'features.real', needed: 1, available: 0, where, remedies: ['compile for the fixed law'] }];
  }
  const limits = new Limits(where);
  const spins = block.banks.reduce((sum, bank) => sum + spinCountOf(bank), 0);
  limits.atMost('spins.max', spins, p.spins, ['a machine with more spins: &spins=', 'smaller blocks']);
  limits
    .within('schedule.colors')
    .atMost('dynamics.colorsMax', block.schedule.colors.length, p.colors, [
      'fewer colors',
      'a machine with more: &colors=',
    ]);
  limits
    .within('fixed')
    .atMost('field.fractionBits.max', block.fixed.fractionBits, p.format.fractionBits, [
      `compile with --fraction-bits ${p.format.fractionBits}`,
      'a machine with a finer field: &format=',
    ]);
  const geometry = laneGeometry(program, block, p);
  block.couplings.forEach((coupling, n) => {
    weightMisfits(p, program, coupling, limits.within(`couplings[${n}]`));
    sumMisfits(p, geometry, coupling, limits.within(`couplings[${n}]`));
  });
  degreeMisfits(p, block, geometry, limits);
  memoryMisfits(p, block, geometry, limits);
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

function weightMisfits(p: LaneParameters, program: Program, { form }: Coupling, limits: Limits): void {
  const weights = program.tensors.get(weightRef(form).tensor)?.data as Int8Array;
  const largest = weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  if (p.weightBits === 1) {
    const others = weights.reduce((count, w) => count + Number(Math.abs(w) > 1), 0);
    limits.atMost('weights.levels', others, 0, [
      'quantize to the levels −1, +1 (0 is no coupling)',
      'a machine with more bits: &weightBits=',
    ]);
    return;
  }
  limits.atMost('weights.bits', signedBits(largest), p.weightBits, [
    `compile with --weight-bits ${p.weightBits}`,
    'a machine with more bits: &weightBits=',
  ]);
}

/** Where sums may not saturate they have to fit. */
function sumMisfits(p: LaneParameters, { ends }: LaneGeometry, { id }: Coupling, limits: Limits): void {
  if (p.overflow === 'saturate') return;
  const sums = ends
    .filter(({ view }) => view.coupling.id === id)
    .map(({ view, side }) => largest(view.absoluteSums(side)));
  limits.atMost('field.accumulatorBits', signedBits(Math.max(0, ...sums)), p.accumulatorBits, [
    'fewer weight bits',
    'a smaller fan-in',
    'a machine with wider sums: &accumulatorBits=, or &overflow=saturate, which counts what it cuts off',
  ]);
}

function memoryMisfits(p: LaneParameters, block: Block, geometry: LaneGeometry, limits: Limits): void {
  const capacity = laneCapacity(p);
  const { colors } = geometry;
  const chunks = colors.reduce((sum, color) => sum + color.chunks, 0);
  const pinned = block.banks.reduce((sum, bank) => sum + (bank.role === 'pinned' ? spinCountOf(bank) : 0), 0);
  limits.atMost('lane.sites', chunks * capacity.laneStride + pinned, capacity.sites, [
    'fewer colors: each is padded to whole chunks of lanes',
    'a machine with more spins: &spins=',
  ]);
  const { staticRows, sweepRows } = rowsOf(geometry);
  const couplingsPerRow = p.lanes * p.couplingsPerLane;
  limits.atMost('lane.couplingSlots', (staticRows + sweepRows) * couplingsPerRow, capacity.rows * couplingsPerRow, [
    'a machine with more slot memory: &couplingSlots=',
    'the convolution engine, which holds each weight of a convolution once',
  ]);
  const groups = colors.reduce((sum, color) => sum + color.groups.length + color.staticGroups.length, 0);
  limits.atMost('lane.couplingGroups', groups, capacity.groups, [
    'fewer couplings for each color',
    'a machine with more colors: &colors=',
  ]);
  const ofOneColor = colors.reduce((most, color) => Math.max(most, color.groups.length, color.staticGroups.length), 0);
  limits.atMost('lane.couplingGroupsPerColor', ofOneColor, groupsPerPhaseMax, ['fewer couplings for each color']);
}

/** By bank: the most couplings of one of its spins to free spins. */
function degreeMisfits(p: LaneParameters, block: Block, { ends }: LaneGeometry, limits: Limits): void {
  block.banks.forEach((bank, n) => {
    const ofBank = ends.filter((end) => end.bank === bank.id && !end.pinned);
    limits
      .within(`banks[${n}]`)
      .atMost('couplings.degreeMax', largestDegree(ofBank, spinCountOf(bank)), p.degree, [
        'smaller kernels or fewer channels',
        'a machine that takes more: &degree=',
      ]);
  });
}

/** Couplings that are counted spin by spin, at most: a fraction of a second. What has more fits no lane engine. */
const countedMax = 2 ** 24;

/** Of one spin over all ends together; for blocks beyond `countedMax` the sum of each end's largest, which no spin exceeds. */
function largestDegree(ends: readonly CouplingEnd[], spins: number): number {
  const bound = ends.reduce((sum, { view, side }) => sum + view.maxDegree(side), 0);
  if (bound * spins > countedMax) return bound;
  const degrees = Float64Array.from({ length: spins }, (_, spin) =>
    ends.reduce((sum, { view, side }) => sum + view.degree(side, spin), 0),
  );
  return largest(degrees);
}

/** The smallest b with magnitude ≤ 2^(b−1) − 1. */
function signedBits(magnitude: number): number {
  return 1 + Math.ceil(Math.log2(magnitude + 1));
}

const largest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);
