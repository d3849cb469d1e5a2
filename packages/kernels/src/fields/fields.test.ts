import { activationTable, feedForwardMean, scaled, scaledMeans } from '@isinglass/sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeEachVariant } from '../../test/each-variant.ts';
import { fieldLimit, placeGibbsConstants } from '../../test/gibbs-constants.ts';
import { KernelArena } from '../../test/kernel-arena.ts';
import { rowsPerTile } from '../row-lanes.ts';
import {
  addHalfSums,
  addScaled,
  addScaledMeans,
  type FeedForwardCall,
  narrowFields,
  planesOf,
  setFields,
  startFeedForward,
  widenFields,
} from './fields.ts';

/** Every shift that the law allows. */
const shifts = Array.from({ length: 41 }, (_, sh) => sh);
const multipliers = [32768, 65535, 40503];
const fractionBitsAll = [4, 5, 6, 7, 8, 9, 10, 11, 12];

it('a mean is nine spins: twice the mean is their weighted sum', () => {
  for (let mean = -128; mean <= 128; mean++) {
    const twice = planesOf(mean).reduce((sum, up, plane) => sum + (plane === 8 ? 1 : 2 ** plane) * (up ? 1 : -1), 0);
    expect(twice).toBe(2 * mean);
  }
});

describeEachVariant('fields of 16 rows', (kernelsOver) => {
  it('setFields gives every row the bias of its slot', () => {
    for (const slots of [0, 1, 7]) {
      const a = new KernelArena(slots);
      const biases = a.placeI32([-(2 ** 26), 2 ** 26 - 1, 0, -1, 1, a.dice.word() | 0, 5].slice(0, slots));
      const call = { fields: a.allocate(64 * slots), biases, slots };
      const expected = a.copy();
      setFields(expected, call);
      kernelsOver(a.memory).setFields(call.fields, call.biases, call.slots);
      expect(a.firstDifference(expected)).toBe(-1);
    }
  });

  it('addScaled adds scaled(A) for every sh, to fields up to ± 2^26', () => {
    for (const sh of shifts) {
      for (const multiplier of multipliers) {
        const a = new KernelArena(sh);
        const { dice } = a;
        const A = largestSum(2 ** 21 - 1, (sum) => scaled(sum, { M: multiplier, sh }));
        const sums = a.draw(64, () =>
          dice.pick([A, -A, 0, 1, -1, 255, -256, dice.integer(-A, A), dice.integer(-A, A)]),
        );
        const inBounds = sums.map((sum) => Math.max(-A, Math.min(sum, A)));
        const call = { sums: a.placeI32(inBounds), fields: placeFields(a, 4), slots: 4, multiplier, sh };
        const before = new Int32Array(a.memory.buffer, call.fields, 64).slice();
        const expected = a.copy();
        addScaled(expected, call);
        kernelsOver(a.memory).addScaled(call.fields, call.sums, call.slots, multiplier, sh);
        expect(a.firstDifference(expected), `M ${multiplier}, sh ${sh}`).toBe(-1);
        // The witness, too, is the law of the sdk.
        const law = inBounds.map((sum, n) => (before[n] as number) + scaled(sum, { M: multiplier, sh }));
        expect([...new Int32Array(a.memory.buffer, call.fields, 64)]).toEqual(law);
      }
    }
  });

  it('addScaledMeans adds the scaled sum over means for every sh, |A′| up to 2^28', () => {
    for (const sh of shifts) {
      for (const multiplier of multipliers) {
        const a = new KernelArena(sh);
        const { dice } = a;
        const A = largestSum(2 ** 28 - 1, (sum) => scaledMeans(sum, { M: multiplier, sh }));
        const sums = a.draw(64, () => dice.pick([A, -A, 0, dice.integer(-A, A), dice.integer(-A, A)]));
        const call = {
          sums: a.placeI32(sums.map((sum) => 2 * sum)),
          fields: placeFields(a, 4),
          slots: 4,
          multiplier,
          sh,
        };
        const before = new Int32Array(a.memory.buffer, call.fields, 64).slice();
        const expected = a.copy();
        addScaledMeans(expected, call);
        kernelsOver(a.memory).addScaledMeans(call.fields, call.sums, call.slots, multiplier, sh);
        expect(a.firstDifference(expected), `M ${multiplier}, sh ${sh}`).toBe(-1);
        const law = sums.map((sum, n) => (before[n] as number) + scaledMeans(sum, { M: multiplier, sh }));
        expect([...new Int32Array(a.memory.buffer, call.fields, 64)]).toEqual(law);
      }
    }
  });

  it('addHalfSums adds (2V − base)·2^shift, V up to 65535, a base per class and channel', () => {
    for (let seed = 0; seed < 36; seed++) {
      const a = new KernelArena(seed);
      const { dice } = a;
      const units = dice.integer(0, 7);
      const classes = 3;
      const call = {
        sums: a.placeI32(a.draw(64 * units, () => dice.integer(-(2 ** 27), 2 ** 27))),
        halfSums: a.placeI16(a.draw(64 * units, () => dice.pick([0, 1, 32767, 32768, 65535, dice.integer(0, 65535)]))),
        pixels: a.placeI32(a.draw(2 * units, () => 16 * dice.integer(0, classes - 1))),
        // The second word of a class is where its bases lie.
        classes: a.placeI32([0, 32, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0]),
        bases: a.placeI32(a.draw(4 * classes, () => dice.pick([0, 65535, dice.integer(0, 65535)]))),
        units,
        shift: seed % 9,
      };
      const expected = a.copy();
      addHalfSums(expected, call);
      kernelsOver(a.memory).addHalfSums(
        call.sums,
        call.halfSums,
        call.pixels,
        call.classes,
        call.bases,
        call.units,
        call.shift,
      );
      expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
    }
  });

  it('narrowFields saturates, widenFields is its inverse where nothing did', () => {
    const a = new KernelArena(4);
    const { dice } = a;
    const slots = 9;
    const ends = [-32769, -32768, -1, 0, 32767, 32768, -(2 ** 26), 2 ** 26 - 1];
    const fields = a.placeI32(a.draw(rowsPerTile * slots, () => dice.pick([...ends, dice.integer(-40000, 40000)])));
    const call = { fields, narrow: a.allocate(32 * slots), slots };
    const kernels = kernelsOver(a.memory);
    const expected = a.copy();
    narrowFields(expected, call);
    kernels.narrowFields(call.narrow, call.fields, call.slots);
    expect(a.firstDifference(expected)).toBe(-1);
    widenFields(expected, call);
    kernels.widenFields(call.fields, call.narrow, call.slots);
    expect(a.firstDifference(expected)).toBe(-1);
  });

  it.each(fractionBitsAll)(
    'startFeedForward sets signs and the nine planes of the means, fraction bits %i',
    (fractionBits) => {
      for (let seed = 0; seed < 8; seed++) {
        const a = new KernelArena(16 * seed + fractionBits, 4);
        const call = randomStart(a, fractionBits);
        const expected = a.copy();
        startFeedForward(expected, call);
        kernelsOver(a.memory).startFeedForward(
          call.constants,
          call.fields,
          call.units,
          call.chosen,
          call.nibbles,
          call.nibbleStride,
          call.masks,
          call.nibblePlanes,
          call.nibblePlane,
          call.maskPlanes,
          call.maskPlane,
        );
        expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
      }
    },
  );

  it('the planes of startFeedForward hold the means of the sdk', () => {
    const a = new KernelArena(1, 3);
    const kernels = kernelsOver(a.memory);
    const constants = placeGibbsConstants(a, { fractionBits: 9, M: 32768, sh: 9, rows: 16 });
    const fields = a.allocate(256);
    const maskPlanes = a.allocate(9 * 64);
    const table = activationTable(9);
    fc.assert(
      fc.property(
        fc.oneof(fc.integer({ min: -3100, max: 3100 }), fc.integer({ min: -(2 ** 26), max: 2 ** 26 })),
        (u) => {
          a.view.setInt32(fields, u, true);
          kernels.startFeedForward(constants, fields, 1, 0, 0, 0, 0, 0, 0, maskPlanes, 64);
          const up = (plane: number): number => (a.view.getUint8(maskPlanes + 64 * plane) === 0xff ? 1 : -1);
          const twice = Array.from({ length: 9 }, (_, plane) => (plane === 8 ? 1 : 2 ** plane) * up(plane));
          expect(twice.reduce((x, y) => x + y)).toBe(2 * feedForwardMean(table, 9, u));
        },
      ),
    );
  });
});

/** The largest A ≤ `most` for which |scaled(A)| and |scaled(−A)| stay below 2²⁶, as the verifier demands. */
function largestSum(most: number, use: (A: number) => number): number {
  let [low, high] = [0, most];
  const fits = (A: number): boolean => use(A) < 2 ** 26 && use(-A) > -(2 ** 26);
  if (fits(most)) return most;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Fields of `slots` slots, both ends among them. */
function placeFields(a: KernelArena, slots: number): number {
  const { dice } = a;
  const end = 2 ** 26 - 1;
  return a.placeI32(a.draw(rowsPerTile * slots, () => dice.pick([-end, end, dice.integer(-end, end)])));
}

function randomStart(a: KernelArena, fractionBits: number): FeedForwardCall {
  const { dice } = a;
  const units = dice.integer(1, 5);
  const limit = fieldLimit(fractionBits);
  const end = 2 ** 26 - 1;
  const u = (): number => dice.pick([-1, 0, 1, limit, limit - 1, -limit, -end, end, dice.integer(-limit, limit)]);
  const nibbleStride = 16 * dice.integer(1, 3);
  const nibblePlane = nibbleStride * units + 16 * dice.integer(0, 2);
  const maskPlane = 64 * units + 16 * dice.integer(0, 2);
  const optional = (bytes: number): number => (dice.chance(0.3) ? 0 : a.allocate(bytes));
  return {
    constants: placeGibbsConstants(a, { fractionBits, M: 32768, sh: 9, rows: 16 }),
    fields: a.placeI32(a.draw(64 * units, u)),
    units,
    chosen: dice.chance(0.3) ? 0 : a.placeU8(a.draw(4 * units, () => dice.pick([0, 0xff]))),
    nibbles: optional(nibbleStride * units),
    nibbleStride,
    masks: optional(64 * units),
    nibblePlanes: optional(9 * nibblePlane),
    nibblePlane,
    maskPlanes: optional(9 * maskPlane),
    maskPlane,
  };
}
