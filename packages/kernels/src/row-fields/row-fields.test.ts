import { activationTable } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compileKernels, instantiateKernels, isSupported, kernelMemory, type SimdVariant } from '../load-kernels.ts';
import { placeOfSpin, thresholdOf } from '../row-update/row-update.ts';
import { meanOfThreshold, planeWeights } from './row-fields.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];

describe.each(variants)('fields of one row, %s', (variant) => {
  it.runIf(isSupported(variant))('sums grow by (2V − base)·2^shift, or begin with it', async () => {
    const memory = kernelMemory({ initial: 2, maximum: 2 });
    const kernels = instantiateKernels(await compileKernels(variant), memory);
    const [sums, halfSums, pixels, classes, bases] = [1024, 8192, 16384, 20480, 24576];
    const i32 = new Int32Array(memory.buffer);
    const u16 = new Uint16Array(memory.buffer);
    for (let seed = 0; seed < 30; seed++) {
      const dice = new Dice(seed);
      const units = dice.integer(1, 12);
      const [shift, first] = [dice.integer(0, 7), dice.chance(0.5)];
      i32.set([9, 0, 0, 0, 9, 64, 0, 0], classes / 4);
      for (let n = 0; n < 32; n++) i32[bases / 4 + n] = dice.integer(0, 65535);
      const wanted = new Int32Array(16 * units);
      for (let n = 0; n < units; n++) {
        const second = dice.chance(0.5) ? 1 : 0;
        i32[pixels / 4 + 2 * n + 1] = 16 * second;
        for (let place = 0; place < 16; place++) {
          const V = dice.integer(0, 65535);
          const before = dice.integer(-(2 ** 20), 2 ** 20);
          u16[halfSums / 2 + 16 * n + place] = V;
          i32[sums / 4 + 16 * n + place] = before;
          const A = 2 * V - (i32[bases / 4 + 16 * second + place] as number);
          wanted[16 * n + place] = (first ? 0 : before) + A * 2 ** shift;
        }
      }
      kernels.addRowHalfSums(sums, halfSums, pixels, classes, bases, units, shift, first);
      expect(i32.slice(sums / 4, sums / 4 + 16 * units), `seed ${seed}`).toEqual(wanted);
    }
  });

  it.runIf(isSupported(variant))(
    'the feed-forward start gives states and means of the law, only where chosen',
    async () => {
      const memory = kernelMemory({ initial: 4, maximum: 4 });
      const kernels = instantiateKernels(await compileKernels(variant), memory);
      const at = {
        fields: 1024,
        table: 8192,
        chosen: 98304,
        bits: 99328,
        nibbles: 100352,
        masks: 102400,
        planes: 110592,
      };
      const u8 = new Uint8Array(memory.buffer);
      const i16 = new Int16Array(memory.buffer);
      const i32 = new Int32Array(memory.buffer);
      for (let seed = 0; seed < 30; seed++) {
        const dice = new Dice(seed, 1);
        const fractionBits = dice.integer(4, 11);
        const table = activationTable(fractionBits);
        const law = { table, limit: (table.length - 1) / 2 };
        for (const [n, T] of table.entries()) i16[at.table / 2 + n] = Math.min(65535, T) - 32768;
        const units = dice.integer(1, 8);
        const stride = 4 * dice.integer(1, 3);
        const nibblePlane = units * stride;
        const maskPlane = 16 * units;
        const nibblePlanes = at.planes;
        const maskPlanes = at.planes + 9 * nibblePlane;
        u8.fill(0, at.chosen, maskPlanes + 9 * maskPlane);
        const fields = Array.from({ length: 16 * units }, (_, n) => {
          const field = dice.pick([0, -1, dice.integer(-law.limit, law.limit), dice.integer(-(2 ** 26), 2 ** 26)]);
          i32[at.fields / 4 + 16 * (n >> 4) + placeOfSpin(n & 15)] = field;
          u8[at.bits + n] = dice.chance(0.9) ? 16 << (n & 3) : 0;
          u8[at.chosen + n] = dice.chance(0.6) ? 0xff : 0;
          return field;
        });
        const all = dice.chance(0.3);
        kernels.startRowFeedForward(
          at.fields,
          units,
          law.limit,
          at.table,
          all ? 0 : at.chosen,
          at.bits,
          16,
          at.nibbles,
          stride,
          at.masks,
          nibblePlanes,
          nibblePlane,
          maskPlanes,
          maskPlane,
        );
        for (const [n, field] of fields.entries()) {
          const where = `seed ${seed}, spin ${n}`;
          const byte = (n >> 4) * stride + ((n & 15) >> 2);
          const nibble = (address: number): boolean => ((u8[address + byte] as number) & (16 << (n & 3))) > 0;
          const done = (all || u8[at.chosen + n] === 0xff) && u8[at.bits + n] !== 0;
          expect(nibble(at.nibbles), where).toBe(done && field >= 0);
          expect(u8[at.masks + n], where).toBe(done && field >= 0 ? 0xff : 0);
          if (!done) continue;
          const mean = meanOfThreshold(thresholdOf(law, field));
          const sumOf = (spin: (plane: number) => boolean): number =>
            planeWeights.reduce((sum, weight, plane) => sum + (spin(plane) ? weight : -weight), 0);
          expect(
            sumOf((plane) => nibble(nibblePlanes + plane * nibblePlane)),
            where,
          ).toBe(2 * mean);
          expect(
            sumOf((plane) => u8[maskPlanes + plane * maskPlane + n] === 0xff),
            where,
          ).toBe(2 * mean);
        }
      }
    },
  );
});
