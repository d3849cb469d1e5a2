import { scaled, temper } from '@isinglass/sdk';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeEachVariant } from '../../test/each-variant.ts';
import {
  drawsAbout,
  fieldLimit,
  placeGibbsConstants,
  shortFractionBits,
  thresholdOf,
} from '../../test/gibbs-constants.ts';
import { KernelArena } from '../../test/kernel-arena.ts';
import type { Kernels } from '../load-kernels.ts';
import { placeOfLane } from '../row-lanes.ts';
import {
  type StatesCall,
  tossCoins,
  type UpdateFieldsCall,
  type UpdateSumsCall,
  updateFields,
  updateSums,
} from './gibbs-update.ts';

it('(V·M + C) ≫ (sh − 1) with C = ⌊(half − base·M) / 2⌋ is scaled(2V − base)', () => {
  const m = fc.record({ M: fc.integer({ min: 32768, max: 65534 }), sh: fc.integer({ min: 1, max: 32 }) });
  fc.assert(
    fc.property(m, fc.nat(65535), fc.nat(65535), ({ M, sh }, V, base) => {
      const C = Math.floor((2 ** (sh - 1) - base * M) / 2);
      expect(Math.floor((V * M + C) / 2 ** (sh - 1))).toBe(scaled(2 * V - base, { M, sh }));
    }),
  );
});

it('the witness tempers as the law does', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 26), max: 2 ** 26 }), fc.nat(65536), (u, b) => {
      expect(Math.floor((u * b + 32768) / 65536)).toBe(temper(u, b));
    }),
  );
});

describeEachVariant('updates of 16 rows', (kernelsOver) => {
  it.each(shortFractionBits)('updateSums and updateFields know T of every field, fraction bits %i', (fractionBits) => {
    const a = new KernelArena(fractionBits, 20);
    const kernels = kernelsOver(a.memory);
    const units = 1024;
    const constants = placeGibbsConstants(a, { fractionBits, M: 65534, sh: 1, rows: 16 });
    const H = Int16Array.from({ length: 65536 }, (_, n) => n - 32768);
    const conditional = a.placeI32(new Array(65536).fill(0));
    const states = placeStates(a, { constants, units, masks: false });
    const zeros = a.placeI32(new Array(32).fill(0));
    const field = a.placeI16(H);
    // A sum of no couplings, the same for all units.
    const sums = a.placeU8(new Uint8Array(128 * units));
    const pixels = a.placeU8(new Uint8Array(8 * units));
    const readout = { counts: 0, conditional };
    const of16 = { ...states, ...readout, sums, pixels, classes: zeros, classConstants: zeros };
    runSums(kernels, { ...of16, field, fieldStride: 32 });
    const found = new Int32Array(a.memory.buffer, conditional, 65536);
    const expected = Int32Array.from(H, (u) => thresholdOf(fractionBits, u) - 32768);
    expect(isEqual(found, expected)).toBe(true);

    const fields = sums;
    const quarter = units / 4;
    for (const first of [-32768, -8192, 8192]) {
      const u = Int32Array.from({ length: 64 * quarter }, (_, n) => first + n);
      found.fill(0);
      new Int32Array(a.memory.buffer, fields, u.length).set(u);
      runFields(kernels, { ...states, ...readout, units: quarter, fields, chosen: 0, temperature: 65536 });
      const wanted = u.map((each) => thresholdOf(fractionBits, each) - 32768);
      expect(isEqual(found.subarray(0, u.length), wanted)).toBe(true);
    }
  });

  it.each(shortFractionBits)(
    'updateSums compares every field with draws about its T, fraction bits %i',
    (fractionBits) => {
      const a = new KernelArena(fractionBits, 18);
      const kernels = kernelsOver(a.memory);
      const units = 1024;
      const constants = placeGibbsConstants(a, { fractionBits, M: 65534, sh: 1, rows: 16 });
      const zeros = a.placeI32(new Array(32).fill(0));
      const H = Int16Array.from({ length: 65536 }, (_, n) => n - 32768);
      const field = a.placeI16(H);
      const draws = a.allocate(2 * 65536);
      const masks = a.allocate(65536);
      const call: UpdateSumsCall = {
        constants,
        units,
        // A sum of no couplings, the same for all units.
        sums: a.placeU8(new Uint8Array(128 * units)),
        pixels: a.placeU8(new Uint8Array(8 * units)),
        classes: zeros,
        classConstants: zeros,
        field,
        fieldStride: 32,
        // In the order of H.
        draws: [draws, draws + 32, draws + 64, draws + 96],
        drawStride: 128,
        nibbles: a.allocate(16 * units),
        nibbleStride: 16,
        masks,
        counts: 0,
        conditional: 0,
      };
      const conditional = a.allocate(4 * 65536);
      for (const [which] of drawsAbout(0).entries()) {
        const r = Array.from(H, (u) => drawsAbout(thresholdOf(fractionBits, u))[which] as number);
        new Int16Array(a.memory.buffer, draws, 65536).set(r.map((each) => each - 32768));
        const expected = new Uint8Array(65536);
        for (let n = 0; n < 65536; n++) {
          const place = (n & ~15) + (placeOfLane[n & 15] as number);
          const isUp = (r[place] as number) < thresholdOf(fractionBits, H[place] as number);
          expected[n] = isUp ? 0xff : 0;
        }
        for (const wanted of [0, conditional]) {
          a.bytes.fill(0x55, masks, masks + 65536);
          runSums(kernels, { ...call, conditional: wanted });
          expect(Buffer.compare(a.bytes.subarray(masks, masks + 65536), expected), `draw ${which}`).toBe(0);
        }
      }
    },
  );

  it.each([32, 2] as const)('updateSums changes memory as its witness does, H every %i bytes', (fieldStride) => {
    for (let seed = 0; seed < 40; seed++) {
      const a = new KernelArena(seed, 5);
      const call = randomSums(a, fieldStride);
      const expected = a.copy();
      const flips = updateSums(expected, call);
      const found = runSums(kernelsOver(a.memory), call);
      expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
      expect(found, `seed ${seed}`).toBe(flips);
    }
  });

  it.each([60, 61, 121])('updateSums counts a flip of every spin of %i units', (units) => {
    const a = new KernelArena(units, 7);
    const call = { ...randomSums(a, 2, units), counts: 0, conditional: 0 };
    const limit = fieldLimit(9);
    // All spins were −1; H is beyond the limit, whatever the sums add.
    const constants = placeGibbsConstants(a, { fractionBits: 9, M: 32768, sh: 32, rows: 16 });
    for (let n = 0; n < 4 * units; n++) a.view.setInt16(call.field + 2 * n, limit + 8, true);
    for (let n = 0; n < units; n++)
      a.bytes.fill(0, call.nibbles + call.nibbleStride * n, call.nibbles + call.nibbleStride * n + 16);
    for (let n = 0; n < 64; n++) a.view.setInt32(call.classConstants + 4 * n, 0, true);
    expect(runSums(kernelsOver(a.memory), { ...call, constants })).toBe(64 * units);
    expect(a.bytes[call.nibbles]).toBe(15);
  });

  it('a padding channel stays −1: no sum, the smallest H', () => {
    const a = new KernelArena(8, 3);
    const constants = placeGibbsConstants(a, { fractionBits: 9, M: 65534, sh: 9, rows: 16 });
    const states = placeStates(a, { constants, units: 1, masks: true });
    a.bytes.fill(0, states.nibbles, states.nibbles + 16);
    // The least draw for all: any T above 0 would do.
    for (const at of states.draws) for (let n = 0; n < 16; n++) a.view.setInt16(at + 2 * n, -32768, true);
    const sums = a.placeU8(new Uint8Array(128));
    const zeros = a.placeI32([0, 0, 0, 0]);
    const call = {
      ...states,
      sums,
      pixels: zeros,
      classes: zeros,
      classConstants: a.placeI32(new Array(4).fill(128)),
      field: a.placeI16([32767, 32767, 32767, -32768]),
      fieldStride: 2,
      counts: 0,
      conditional: 0,
    } as const;
    expect(runSums(kernelsOver(a.memory), call)).toBe(48);
    expect([...a.bytes.subarray(states.nibbles, states.nibbles + 16)]).toEqual(new Array(16).fill(0b0111));
  });

  it.each([
    { stored: 'nibbles', masks: false, nibbles: true },
    { stored: 'nibbles and masks', masks: true, nibbles: true },
    { stored: 'masks', masks: true, nibbles: false },
  ])('updateFields changes memory as its witness does, $stored', (stored) => {
    for (let seed = 0; seed < 40; seed++) {
      const a = new KernelArena(seed, 5);
      const call = randomFields(a, seed, stored);
      const expected = a.copy();
      const flips = updateFields(expected, call);
      const found = runFields(kernelsOver(a.memory), call);
      expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
      expect(found, `seed ${seed}`).toBe(flips);
    }
  });

  it.each([
    { stored: 'nibbles', masks: false, nibbles: true },
    { stored: 'nibbles and masks', masks: true, nibbles: true },
    { stored: 'masks', masks: true, nibbles: false },
  ])('tossCoins tosses the coins of existing channels, $stored', (stored) => {
    for (let seed = 0; seed < 32; seed++) {
      const a = new KernelArena(seed, 3);
      const constants = placeGibbsConstants(a, { fractionBits: 9, M: 32768, sh: 9, rows: 1 + (seed % 16) });
      const units = a.dice.integer(1, 6);
      const channelStep = a.dice.pick([0, 4] as const);
      // All units of one quad have its channels; units of a flat bank have four each, down to the last one's.
      const channels = channelStep === 0 ? a.dice.integer(1, 8) : 4 * units - a.dice.integer(0, 3);
      const call = { ...placeStates(a, { ...stored, constants, units }), channels, channelStep };
      const expected = a.copy();
      tossCoins(expected, call);
      kernelsOver(a.memory).tossCoins(
        call.constants,
        call.units,
        call.channels,
        call.channelStep,
        ...call.draws,
        call.drawStride,
        call.nibbles,
        call.nibbleStride,
        call.masks,
      );
      expect(a.firstDifference(expected), `seed ${seed}`).toBe(-1);
    }
  });
});

function isEqual(found: Int32Array, expected: Int32Array): boolean {
  return Buffer.compare(Buffer.from(found.slice().buffer), Buffer.from(expected.buffer)) === 0;
}

function runSums(kernels: Kernels, o: UpdateSumsCall): number {
  return kernels.updateSums(
    o.constants,
    o.units,
    o.sums,
    o.pixels,
    o.classes,
    o.classConstants,
    o.field,
    o.fieldStride,
    ...o.draws,
    o.drawStride,
    o.nibbles,
    o.nibbleStride,
    o.masks,
    o.counts,
    o.conditional,
  );
}

function runFields(kernels: Kernels, o: UpdateFieldsCall): number {
  return kernels.updateFields(
    o.constants,
    o.units,
    o.fields,
    o.chosen,
    o.temperature,
    ...o.draws,
    o.drawStride,
    o.nibbles,
    o.nibbleStride,
    o.masks,
    o.counts,
    o.conditional,
  );
}

/** Random states; draws 0, 65535, T of small fields itself, and any; nibbles one after the other or with gaps. */
function placeStates(
  a: KernelArena,
  o: {
    readonly constants: number;
    readonly units: number;
    readonly masks: boolean;
    readonly fractionBits?: number;
    readonly nibbles?: boolean;
  },
): StatesCall {
  const { dice } = a;
  const nibbleStride = 16 * dice.integer(1, 3);
  const drawStride = 32;
  const T = (): number => thresholdOf(o.fractionBits ?? 9, dice.integer(-2, 2));
  const drawn = (): number => dice.pick([0, 65535, T(), T(), dice.integer(0, 65535)]) - 32768;
  // Channels share what they do not need of their own.
  const draws = a.placeI16(a.draw(16 * (o.units + 24), drawn));
  const at = (): number => draws + 32 * dice.integer(0, 23);
  return {
    constants: o.constants,
    units: o.units,
    draws: [at(), at(), at(), at()],
    drawStride,
    nibbles: o.nibbles === false ? 0 : a.placeU8(a.draw(nibbleStride * o.units, () => dice.integer(0, 15))),
    nibbleStride,
    masks: o.masks ? a.placeU8(a.draw(64 * o.units, () => dice.pick([0, 0xff]))) : 0,
  };
}

/** Counts near their wrap, sums of any size; each may be absent. */
function placeReadouts(a: KernelArena, units: number): { readonly counts: number; readonly conditional: number } {
  const { dice } = a;
  const counts = a.placeU8(a.draw(64 * units, () => dice.pick([0, 254, 255])));
  const conditional = a.placeI32(a.draw(64 * units, () => dice.word() | 0));
  return { counts: dice.chance(0.3) ? 0 : counts, conditional: dice.chance(0.5) ? 0 : conditional };
}

/** V, base, M, sh and H as a caller has proved them: see `fits`. H of −32768 is that of a padding channel. */
function randomSums(a: KernelArena, fieldStride: 32 | 2, given?: number): UpdateSumsCall {
  const { dice } = a;
  const units = given ?? dice.integer(1, 9);
  const fractionBits = dice.pick(shortFractionBits);
  const limit = fieldLimit(fractionBits);
  const largest = dice.pick([65535, 32768, 32767, 32767, 4000, 255]);
  let law: { M: number; sh: number; fieldMax: number };
  do {
    const M = dice.pick([32768, 65534, dice.integer(32768, 65534)]);
    law = { M, sh: dice.integer(1, 32), fieldMax: dice.pick([32767, 32767 - limit, 500]) };
  } while (!fits(largest, limit, law));
  const { M, sh, fieldMax } = law;
  const wide = largest > 32767;
  const constants = placeGibbsConstants(a, { fractionBits, M, sh, rows: dice.integer(1, 16), wide });
  const classes = 16;
  const bases = a.draw(4 * classes, () => dice.pick([0, largest, dice.integer(0, largest)]));
  const ofUnit = a.draw(units, () => dice.integer(0, classes - 1));
  const sums = ofUnit.flatMap((n) =>
    Array.from({ length: 64 }, (_, place) => {
      const base = bases[4 * n + (place >> 4)] as number;
      return dice.pick([0, base, dice.integer(0, base)]);
    }),
  );
  // A padding channel has no couplings: its H is no part of the proof where scaled(A) saturates.
  const padding = scaled(largest, law) <= 32767 ? -32768 : -fieldMax;
  const H = (): number =>
    dice.pick([
      padding,
      -fieldMax,
      fieldMax,
      dice.integer(-2, 2),
      dice.integer(-2, 2),
      dice.integer(-fieldMax, fieldMax),
    ]);
  return {
    ...placeStates(a, { constants, units, fractionBits, masks: dice.chance(0.5) }),
    ...placeReadouts(a, units),
    sums: a.placeI16(sums),
    pixels: a.placeI32(ofUnit.flatMap((n) => [dice.word(), 16 * n])),
    // Class records of the half sums: the second word is where a class's constants lie.
    classes: a.placeI32(Array.from({ length: classes }, (_, n) => [dice.word(), 16 * n, 0, 0]).flat()),
    classConstants: a.placeI32(
      bases.map((base) => (Math.floor((2 ** (sh - 1) - base * M) / 2) + (wide ? 32768 * M : 0)) | 0),
    ),
    field: a.placeI16(a.draw((fieldStride / 2) * 4 * units, H)),
    fieldStride,
  };
}

/** 32 bits hold what is shifted; 16 bits hold scaled(A), or a field so large lies beyond the table whatever H is. */
function fits(
  base: number,
  limit: number,
  o: { readonly M: number; readonly sh: number; readonly fieldMax: number },
): boolean {
  return (base * o.M) / 2 + 2 ** (o.sh - 2) < 2 ** 31 && (scaled(base, o) <= 32767 || o.fieldMax + limit <= 32767);
}

const temperatures = [0, 1, 65535, 65536];

function randomFields(
  a: KernelArena,
  seed: number,
  o: { readonly masks: boolean; readonly nibbles: boolean },
): UpdateFieldsCall {
  const { dice } = a;
  const units = dice.integer(1, 9);
  const fractionBits = dice.integer(4, 12);
  const constants = placeGibbsConstants(a, { fractionBits, M: 32768, sh: 1, rows: dice.integer(1, 16) });
  const temperature = temperatures[seed % 5] ?? dice.integer(2, 65534);
  const limit = fieldLimit(fractionBits);
  const largest = 2 ** 26 - 1;
  const u = (): number =>
    dice.pick([
      -largest,
      largest,
      -limit,
      limit,
      limit - 1,
      dice.integer(-2, 2),
      dice.integer(-limit, limit),
      dice.integer(-largest, largest),
    ]);
  return {
    ...placeStates(a, { ...o, constants, units, fractionBits }),
    ...placeReadouts(a, units),
    fields: a.placeI32(a.draw(64 * units, u)),
    chosen: dice.chance(0.3) ? 0 : a.placeU8(a.draw(4 * units, () => dice.pick([0, 0xff]))),
    temperature,
  };
}
