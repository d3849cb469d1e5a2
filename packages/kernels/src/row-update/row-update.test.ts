import { Dice } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import {
  drawsAbout,
  fieldLimit,
  inverseTable,
  shortFractionBits,
  thresholdOf as thresholdAt,
} from '../../test/gibbs-constants.ts';
import { KernelArena } from '../../test/kernel-arena.ts';
import { placeRowConstants, writeRowConstants } from '../../test/row-constants.ts';
import {
  compileKernels,
  instantiateKernels,
  isSupported,
  type Kernels,
  kernelMemory,
  type SimdVariant,
} from '../load-kernels.ts';
import { type DrawOrder, everyOtherDraw, rowScratchBytes } from './row-update.exports.ts';
import { drawPlace, placeOfSpin, scaledSum, tempered, thresholdOf, type UpdateLaw } from './row-update.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];

/** Addresses of everything that an update reads and writes. */
const at = {
  constants: 1024,
  bits: 2048,
  chosen: 4096,
  offsets: 8192,
  scratch: 16384,
  pixels: 20480,
  classes: 24576,
  classConstants: 28672,
  sums: 32768,
  field: 49152,
  draws: 65536,
  nibbles: 98304,
  masks: 102400,
  counts: 106496,
  conditional: 131072,
  table: 196608,
  inverse: 262144,
} as const;

/** Units, states, draws: everything of one random call but the fields. */
interface Setting {
  readonly dice: Dice;
  readonly units: number;
  readonly order: DrawOrder;
  readonly law: UpdateLaw;
  readonly channels: number;
  readonly nibbleStride: number;
  readonly where: string;
}

function setting(memory: { readonly buffer: SharedArrayBuffer }, seed: number, salt: number): Setting {
  const dice = new Dice(seed, salt);
  const u8 = new Uint8Array(memory.buffer);
  const u32 = new Uint32Array(memory.buffer);
  const i16 = new Int16Array(memory.buffer);
  const units = dice.integer(1, 20);
  const order = (seed % 3) as DrawOrder;
  const fractionBits = dice.pick(shortFractionBits);
  const limit = fieldLimit(fractionBits);
  const law = { table: Array.from({ length: 2 * limit + 1 }, (_, n) => thresholdAt(fractionBits, n - limit)), limit };
  for (const [n, T] of law.table.entries()) i16[at.table / 2 + n] = Math.min(65535, T) - 32768;
  i16.set(inverseTable(fractionBits), at.inverse / 2);
  const channels = dice.pick([16, 16, dice.integer(1, 15)]);
  for (let n = 0; n < 16 * units; n++) {
    const lane = n % 16;
    u8[at.bits + n] = lane < channels || n < 16 * (units - 1) ? 16 << (lane & 3) : 0;
    u8[at.masks + n] = (u8[at.bits + n] as number) > 0 && dice.chance(0.5) ? 0xff : 0;
    u8[at.counts + n] = dice.integer(0, 200);
    u8[at.chosen + n] = dice.chance(0.5) ? 0xff : 0;
  }
  for (let n = 0; n < 64 * units; n++)
    new Int32Array(memory.buffer)[at.conditional / 4 + n] = dice.integer(-1000, 1000);
  for (let n = 0; n < 4096; n++) i16[at.draws / 2 + n] = dice.integer(-32768, 32767);
  const offsets = order === 0 ? 16 : order === 2 ? 16 * units : 0;
  for (let n = 0; n < offsets; n++) {
    u32[at.offsets / 4 + n] = 2 * dice.integer(0, 2000);
    if (order === 2 && n % 16 === 1 && dice.chance(0.3)) u32[at.offsets / 4 + n] = everyOtherDraw;
  }
  const nibbleStride = 4 * dice.integer(1, 4);
  for (let unit = 0; unit < units; unit++) {
    for (let quad = 0; quad < 4; quad++) {
      const bits = Array.from({ length: 4 }, (_, j) => 16 * unit + 4 * quad + j);
      u8[at.nibbles + unit * nibbleStride + quad] = bits.reduce(
        (byte, n, j) => byte | ((u8[at.masks + n] as number) & (16 << j)),
        0,
      );
    }
  }
  return { dice, units, order, law, channels, nibbleStride, where: `seed ${seed}` };
}

function writeConstants(buffer: SharedArrayBuffer, { limit }: UpdateLaw, { M, sh }: { M: number; sh: number }): void {
  writeRowConstants(new DataView(buffer), at.constants, { limit, table: at.table, inverse: at.inverse, M, sh });
}

/** What a call must leave behind, and how many states change, when spin n has threshold T(n) and is updated where `chosen`. */
function expected(
  buffer: SharedArrayBuffer,
  s: Setting,
  T: (n: number) => number,
  chosen: (n: number) => boolean,
  readsOut: { readonly conditional: boolean } = { conditional: true },
): { masks: Uint8Array; counts: Uint8Array; conditional: Int32Array; flips: number } {
  const u8 = new Uint8Array(buffer);
  const offsets = new Uint32Array(buffer, at.offsets, 1024);
  const i16 = new Int16Array(buffer, at.draws);
  const count = 16 * s.units;
  const masks = u8.slice(at.masks, at.masks + count);
  const counts = u8.slice(at.counts, at.counts + count);
  const conditional = new Int32Array(buffer, at.conditional, count).slice();
  let flips = 0;
  for (let n = 0; n < count; n++) {
    if (!chosen(n)) continue;
    const [unit, lane] = [n >> 4, n & 15];
    const threshold = T(n);
    const up = (i16[drawPlace(s.order, offsets, unit, lane)] as number) + 32768 < threshold;
    counts[n] = (counts[n] as number) + (up ? 1 : 0);
    const place = 16 * unit + placeOfSpin(lane);
    if (readsOut.conditional) conditional[place] = (conditional[place] as number) + threshold - 32768;
    if (u8[at.bits + n] === 0) continue;
    if (up !== (masks[n] as number) > 0) flips++;
    masks[n] = up ? 0xff : 0;
  }
  return { masks, counts, conditional, flips };
}

function compare(buffer: SharedArrayBuffer, s: Setting, wanted: ReturnType<typeof expected>, flips: number): void {
  const u8 = new Uint8Array(buffer);
  const count = 16 * s.units;
  const nibbles = new Uint8Array(count).map((_, n) => {
    const byte = u8[at.nibbles + (n >> 4) * s.nibbleStride + ((n & 15) >> 2)] as number;
    return (byte >> (4 + (n & 3))) & 1 ? 0xff : 0;
  });
  expect(nibbles, s.where).toEqual(wanted.masks);
  expect(u8.slice(at.masks, at.masks + count), s.where).toEqual(wanted.masks);
  expect(u8.slice(at.counts, at.counts + count), s.where).toEqual(wanted.counts);
  expect(new Int32Array(buffer, at.conditional, count).slice(), s.where).toEqual(wanted.conditional);
  expect(flips, s.where).toBe(wanted.flips);
}

describe.each(variants)('updates of one row, %s', (variant) => {
  const open = async (): Promise<{ memory: ReturnType<typeof kernelMemory>; kernels: Kernels }> => {
    const memory = kernelMemory({ initial: 8, maximum: 8 });
    return { memory, kernels: instantiateKernels(await compileKernels(variant), memory) };
  };

  it.runIf(isSupported(variant))('from half sums follow the law, saturated fields included', async () => {
    const { memory, kernels } = await open();
    const i32 = new Int32Array(memory.buffer);
    const u16 = new Uint16Array(memory.buffer);
    for (let seed = 0; seed < 60; seed++) {
      const s = setting(memory, seed, 1);
      const { dice, law, units } = s;
      const multiplier = { M: dice.integer(32768, 65534), sh: dice.integer(1, 18) };
      writeConstants(memory.buffer, law, multiplier);
      const base = Array.from({ length: 32 }, () => dice.pick([65535, dice.integer(0, 65535)]));
      for (const [n, value] of base.entries()) {
        const place = 16 * (n >> 4) + placeOfSpin(n & 15);
        const half = 2 ** (multiplier.sh - 1);
        i32[at.classConstants / 4 + place] = Math.floor((half - value * multiplier.M) / 2) + 32768 * multiplier.M;
      }
      i32.set([0, 0, 0, 0, 0, 64], at.classes / 4);
      const classOf = Array.from({ length: units }, () => dice.integer(0, 1));
      for (const [n, c] of classOf.entries()) i32[at.pixels / 4 + 2 * n + 1] = 16 * c;
      const fields = Array.from({ length: 16 * units }, (_, n) => {
        const ofClass = base[16 * (classOf[n >> 4] as number) + (n & 15)] as number;
        const V = dice.integer(0, ofClass);
        // Where scaled(A) may leave 16 bits, |H| + limit stays within them.
        const H = dice.integer(-1, 1) * dice.integer(0, 32767 - law.limit);
        const place = 16 * (n >> 4) + placeOfSpin(n & 15);
        u16[at.sums / 2 + place] = V;
        u16[at.field / 2 + place] = H;
        return H + scaledSum(2 * V - ofClass, multiplier);
      });
      const readsOut = { conditional: dice.chance(0.5) };
      const wanted = expected(
        memory.buffer,
        s,
        (n) => thresholdOf(law, fields[n] as number),
        () => true,
        readsOut,
      );
      const flips = kernels.updateRowSums(
        at.constants,
        units,
        at.sums,
        at.pixels,
        at.classes,
        at.classConstants,
        at.field,
        at.bits,
        16,
        at.draws,
        s.order,
        at.offsets,
        at.scratch,
        at.nibbles,
        s.nibbleStride,
        at.masks,
        at.counts,
        readsOut.conditional ? at.conditional : 0,
      );
      // Both kinds of states are kept here: each counts its flips, the last one is returned.
      compare(memory.buffer, s, wanted, flips);
    }
  });

  it.runIf(isSupported(variant)).each(shortFractionBits)(
    'from half sums compare every field with draws about its T, fraction bits %i',
    async (fractionBits) => {
      const a = new KernelArena(fractionBits, 16);
      const kernels = instantiateKernels(await compileKernels(variant), a.memory);
      const units = 4096;
      const constants = placeRowConstants(a, { fractionBits, M: 65534, sh: 1 });
      const fieldOf = (n: number): number => n - 32768;
      const placeOf = (n: number): number => (n & ~15) + placeOfSpin(n & 15);
      const field = a.allocate(2 * 65536);
      const H = new Int16Array(a.memory.buffer, field, 65536);
      for (let n = 0; n < 65536; n++) H[placeOf(n)] = fieldOf(n);
      const draws = a.allocate(2 * 65536);
      // A sum of no couplings, the same for all units: V = 0 is multiplied as −32768.
      const sums = a.placeU8(new Uint8Array(32 * units));
      const pixels = a.placeU8(new Uint8Array(8 * units));
      const classes = a.placeI32([0, 0, 0, 0]);
      const classConstants = a.placeI32(new Array(16).fill(32768 * 65534));
      const bits = a.placeU8(Array.from({ length: 16 }, (_, lane) => 16 << (lane & 3)));
      const masks = a.allocate(65536);
      const conditional = a.allocate(4 * 65536);
      const scratch = a.allocate(rowScratchBytes);
      for (const [which] of drawsAbout(0).entries()) {
        const r = Array.from(
          { length: 65536 },
          (_, n) => drawsAbout(thresholdAt(fractionBits, fieldOf(n)))[which] as number,
        );
        new Int16Array(a.memory.buffer, draws, 65536).set(r.map((each) => each - 32768));
        const expected = Uint8Array.from(r, (each, n) => (each < thresholdAt(fractionBits, fieldOf(n)) ? 0xff : 0));
        for (const wanted of [0, conditional]) {
          a.bytes.fill(0x55, masks, masks + 65536);
          // biome-ignore format: one line as the kernel's signature
          kernels.updateRowSums(constants, units, sums, pixels, classes, classConstants, field, bits, 0, draws, 1, 0, scratch, 0, 0, masks, 0, wanted);
          expect(Buffer.compare(a.bytes.subarray(masks, masks + 65536), expected), `draw ${which}`).toBe(0);
        }
      }
    },
  );

  it.runIf(isSupported(variant))(
    'from 32-bit fields follow the law at any temperature, only where chosen',
    async () => {
      const { memory, kernels } = await open();
      const i32 = new Int32Array(memory.buffer);
      const u8 = new Uint8Array(memory.buffer);
      for (let seed = 0; seed < 60; seed++) {
        const s = setting(memory, seed, 2);
        const { dice, law, units } = s;
        writeConstants(memory.buffer, law, { M: 32768, sh: 1 });
        const b = dice.pick([65536, 0, dice.integer(0, 65536)]);
        const fields = Array.from({ length: 16 * units }, (_, n) => {
          const limit = dice.pick([law.limit, 2 * law.limit, 2 ** 26 - 1]);
          const field = dice.integer(-limit, limit);
          i32[at.sums / 4 + 16 * (n >> 4) + placeOfSpin(n & 15)] = field;
          return tempered(field, b);
        });
        const all = dice.chance(0.3);
        const isChosen = (n: number): boolean => all || u8[at.chosen + n] === 0xff;
        const wanted = expected(memory.buffer, s, (n) => thresholdOf(law, fields[n] as number), isChosen);
        const flips = kernels.updateRowFields(
          at.constants,
          units,
          at.sums,
          all ? 0 : at.chosen,
          b,
          at.bits,
          16,
          at.draws,
          s.order,
          at.offsets,
          at.scratch,
          at.nibbles,
          s.nibbleStride,
          at.masks,
          at.counts,
          at.conditional,
        );
        compare(memory.buffer, s, wanted, flips);
      }
    },
  );
});
