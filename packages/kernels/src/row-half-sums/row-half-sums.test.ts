import { Dice } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compileKernels, instantiateKernels, isSupported, kernelMemory, type SimdVariant } from '../load-kernels.ts';
import { byteTable, type QuadWeights, rowHalfSums, wideTable } from './row-half-sums.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];
/** Kernel, and the largest |w| for which its tables cannot wrap. */
const kernels = [
  ['rowHalfSums1', 63],
  ['rowHalfSums2', 31],
  ['rowHalfSums4', 15],
  ['rowWideHalfSums', 127],
] as const;

const [nibbles, pixels, classes, tables, out] = [1024, 8192, 12288, 65536, 1 << 20];

describe.each(variants)('half sums of one row, %s', (variant) => {
  it.runIf(isSupported(variant)).each(kernels)(
    '%s adds what the tables hold for every run',
    async (name, weightMax) => {
      const memory = kernelMemory({ initial: 32, maximum: 32 });
      const instance = instantiateKernels(await compileKernels(variant), memory);
      const u8 = new Uint8Array(memory.buffer);
      const i32 = new Int32Array(memory.buffer);
      const tableBytes = name === 'rowWideHalfSums' ? 512 : 256;
      for (let seed = 0; seed < 25; seed++) {
        const dice = new Dice(seed, weightMax);
        const weight = () => dice.integer(-weightMax, weightMax);
        const stream = Array.from(
          { length: dice.integer(1, 40) },
          (): QuadWeights => Array.from({ length: 16 }, () => [weight(), weight(), weight(), weight()] as const),
        );
        for (const [n, weights] of stream.entries()) {
          u8.set((name === 'rowWideHalfSums' ? wideTable : byteTable)(weights), tables + n * tableBytes);
        }
        const rows = dice.integer(1, 3);
        const rowBytes = 200;
        for (let n = 0; n < rows * rowBytes; n++) u8[nibbles + n] = 16 * dice.integer(0, 15);
        // One class without runs, one with several, of every length.
        const runs = Array.from({ length: dice.integer(1, 4) }, () => {
          const first = dice.integer(0, stream.length - 1);
          return { at: dice.integer(-8, 60), first, quads: dice.integer(0, stream.length - first) };
        });
        i32[classes / 4] = 0;
        i32[classes / 4 + 4] = runs.length;
        for (const [n, { at, first, quads }] of runs.entries()) {
          i32.set([at, first * tableBytes, quads], classes / 4 + 8 + 4 * n);
        }
        const units = Array.from({ length: 5 }, () => ({ base: dice.integer(8, 60), empty: dice.chance(0.2) }));
        for (const [n, { base, empty }] of units.entries()) i32.set([base, empty ? 0 : 16], pixels / 4 + 2 * n);
        const [begin, end, outBytes] = [1, 4, 32 * 3 + 64];
        u8.fill(0xaa, out, out + rows * outBytes);
        instance[name](out, nibbles, tables, pixels, classes, begin, end, rows, rowBytes, outBytes);
        for (let row = 0; row < rows; row++) {
          for (let n = begin; n < end; n++) {
            const { base, empty } = units[n] as (typeof units)[number];
            const quads = (empty ? [] : runs).flatMap((run) =>
              stream.slice(run.first, run.first + run.quads).map((weights, k) => ({
                weights,
                nibble: (u8[nibbles + row * rowBytes + base + run.at + k] as number) / 16,
              })),
            );
            const found = new Uint16Array(memory.buffer, out + row * outBytes + 32 * (n - begin), 16);
            expect(Uint16Array.from(found), `seed ${seed}, row ${row}, unit ${n}`).toEqual(rowHalfSums(quads));
          }
          expect(u8[out + row * outBytes + 32 * (end - begin)]).toBe(0xaa);
        }
      }
    },
  );
});
