import { activationTable } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import {
  compileKernels,
  instantiateKernels,
  isSupported,
  type Kernels,
  kernelMemory,
  type SimdVariant,
} from '../load-kernels.ts';
import { type DrawOrder, everyOtherDraw, rowConstants } from './row-update.exports.ts';
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
  const fractionBits = dice.integer(4, 10);
  const table = activationTable(fractionBits);
  const middle = (table.length - 1) / 2;
  let limit = middle;
  while (limit > 1 && table[middle + limit - 1] === 65536) limit--;
  const law = { table: table.slice(middle - limit, middle + limit + 1), limit };
  for (const [n, T] of law.table.entries()) i16[at.table / 2 + n] = Math.min(65535, T) - 32768;
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
  const i16 = new Int16Array(buffer);
  const i32 = new Int32Array(buffer);
  const set = (offset: number, values: readonly number[]) => i16.set(values, (at.constants + offset) / 2);
  const fill = (offset: number, value: number, count: number) =>
    i32.fill(value, (at.constants + offset) / 4, (at.constants + offset) / 4 + count);
  const eight = (value: number): number[] => Array<number>(8).fill(value);
  set(rowConstants.cap, eight(32767 - limit));
  set(rowConstants.floor, eight(32767 - 2 * limit));
  set(rowConstants.always, eight(32766));
  set(rowConstants.oddBytes, eight(0xff00));
  set(
    rowConstants.multiplier,
    [0, 1, 2, 3].flatMap(() => [Math.floor(M / 2), M - Math.floor(M / 2)]),
  );
  fill(rowConstants.roundShift, sh - 1, 1);
  fill(rowConstants.table, at.table - 2 * (32767 - 2 * limit), 1);
  fill(rowConstants.table32, at.table + 2 * limit, 1);
  fill(rowConstants.limit32, limit, 4);
  fill(rowConstants.floor32, -limit, 4);
  fill(rowConstants.always32, limit - 1, 4);
  set(rowConstants.sign, eight(-32768));
}

/** What a call must leave behind, and how many states change, when spin n has threshold T(n) and is updated where `chosen`. */
function expected(
  buffer: SharedArrayBuffer,
  s: Setting,
  T: (n: number) => number,
  chosen: (n: number) => boolean,
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
    conditional[place] = (conditional[place] as number) + threshold - 32768;
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
      const wanted = expected(
        memory.buffer,
        s,
        (n) => thresholdOf(law, fields[n] as number),
        () => true,
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
        at.conditional,
      );
      // Both kinds of states are kept here: each counts its flips, the last one is returned.
      compare(memory.buffer, s, wanted, flips);
    }
  });

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
