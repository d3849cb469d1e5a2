import { createProgram, type Program } from '@isinglass/sdk';
import { randomGraph } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import type { LaneParameters } from '../parameters/engine-parameters.ts';
import { type GivenValues, resolveParameters } from '../parameters/resolve-parameters.ts';
import { laneGeometry, rowsOf } from './lane-geometry.ts';
import { laneMisfits } from './lane-misfits.ts';

const program = randomGraph(4, { spins: 60, degree: 6 });

function blockOf({ json }: Program) {
  const [block] = json.stages;
  if (block?.kind !== 'block') throw new TypeError('a graph is one block');
  return block;
}

function machine(given: GivenValues): LaneParameters {
  const { parameters } = resolveParameters('toy', {
    degree: 100,
    format: { integerBits: 5, fractionBits: 12 },
    accumulatorBits: 32,
    ...given,
  });
  if (parameters.engine !== 'lane') throw new TypeError('toy is a lane engine');
  return parameters;
}

const misfitsOf = (given: GivenValues) => laneMisfits(machine(given), program, blockOf(program));

const block = blockOf(program);
const { colors, ends } = laneGeometry(program, block, { lanes: 8, couplingsPerLane: 1 });
const slots = 8 * rowsOf({ colors, ends }).sweepRows;
const [view] = ends.map((end) => end.view);
const largestSum = Math.max(...(view?.absoluteSums('to') ?? []));
const sumBits = 1 + Math.ceil(Math.log2(largestSum + 1));

const exactly: readonly (readonly [limit: string, given: (value: number) => GivenValues, needed: number])[] = [
  ['spins.max', (spins) => ({ spins }), 60],
  ['dynamics.colorsMax', (count) => ({ colors: count }), colors.length],
  ['couplings.degreeMax', (degree) => ({ degree }), view?.maxDegree('to') ?? 0],
  [
    'field.fractionBits.max',
    (fractionBits) => ({ format: { integerBits: 5, fractionBits } }),
    block.fixed?.fractionBits ?? 0,
  ],
  ['field.accumulatorBits', (accumulatorBits) => ({ accumulatorBits }), sumBits],
  ['lane.couplingSlots', (couplingSlots) => ({ couplingSlots }), slots],
];

test.for(exactly)('%s: a machine of just what is needed fits, of one less does not', ([limit, given, needed]) => {
  expect(misfitsOf(given(needed))).toEqual([]);
  const misfits = misfitsOf(given(needed - 1));
  expect(misfits.map((misfit) => misfit.limit)).toContain(limit);
  const misfit = misfits.find((each) => each.limit === limit);
  expect(misfit?.needed).toBe(needed);
  expect(misfit?.remedies.length).toBeGreaterThan(0);
});

test('all reasons are given at once', () => {
  const limits = misfitsOf({ spins: 59, colors: 1, degree: 1, accumulatorBits: 8, couplingSlots: 8 }).map(
    ({ limit }) => limit,
  );
  expect(limits).toEqual(
    expect.arrayContaining([
      'spins.max',
      'dynamics.colorsMax',
      'couplings.degreeMax',
      'field.accumulatorBits',
      'lane.couplingSlots',
    ]),
  );
});

test('sums that saturate need no width', () => {
  expect(misfitsOf({ accumulatorBits: 8, overflow: 'saturate' })).toEqual([]);
});

test('one bit takes only −1, 0 and +1', () => {
  expect(misfitsOf({ weightBits: 1 }).map(({ limit }) => limit)).toEqual(['weights.levels']);
  const signs = new Map(
    [...program.tensors].map(([name, tensor]) => [
      name,
      tensor.data instanceof Int8Array ? { ...tensor, data: tensor.data.map(Math.sign) } : tensor,
    ]),
  );
  const ofSigns = createProgram(program.json, signs);
  expect(laneMisfits(machine({ weightBits: 1 }), ofSigns, blockOf(ofSigns))).toEqual([]);
});
