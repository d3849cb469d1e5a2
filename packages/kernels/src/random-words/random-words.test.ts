import { philox4x32, philoxKey, spinDraw } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compileKernels, instantiateKernels, isSupported, kernelMemory, type SimdVariant } from '../load-kernels.ts';
import { laneOrder32 } from '../row-lanes.ts';
import { counterBytes, drawBytesPerBlock, keyBytes, preparedBytes } from './random-words.exports.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];

describe.each(variants)('draws of 16 rows, %s', (variant) => {
  describe.runIf(isSupported(variant))('where the engine has it', () => {
    it.each(['chains of one image', 'several images'])('are those of the law, %s', async (rows) => {
      const modules = await compileKernels(variant);
      const memory = kernelMemory({ initial: 4, maximum: 4 });
      const kernels = instantiateKernels(modules, memory);
      const [keys, counters, prepared, out] = [1024, 2048, 4096, 8192];
      expect(
        keys + keyBytes <= counters && counters + counterBytes <= prepared && prepared + preparedBytes <= out,
      ).toBe(true);
      const u32 = new Uint32Array(memory.buffer);
      const i16 = new Int16Array(memory.buffer);
      for (let seed = 0; seed < 40; seed++) {
        const dice = new Dice(seed);
        const [low, high] = philoxKey(dice.bits64());
        const image = dice.word();
        const c2 = Uint32Array.from({ length: 16 }, () => (rows === 'several images' ? dice.word() : image));
        const c3 = Uint32Array.from({ length: 16 }, () => dice.word());
        for (const [place, lane] of laneOrder32.entries()) {
          u32[counters / 4 + place] = c2[lane] as number;
          u32[counters / 4 + 16 + place] = c3[lane] as number;
        }
        const sweep = dice.word();
        const block = dice.integer(0, 2 ** 28);
        // Groups of five, and every rest.
        const blocks = seed % 17;
        kernels.prepareKeys(keys, low, high);
        kernels.prepareDraws(prepared, keys, counters, sweep);
        u32.fill(0x5a5a5a5a, out / 4, (out + 20 * drawBytesPerBlock) / 4);
        kernels.drawRows(out, keys, prepared, block, blocks);
        const words = new Uint32Array(4);
        for (let n = 0; n < blocks; n++) {
          for (const [place, lane] of laneOrder32.entries()) {
            philox4x32(block + n, sweep, c2[lane] as number, c3[lane] as number, low, high, words);
            for (let spin = 0; spin < 8; spin++) {
              const found = i16[(out + n * drawBytesPerBlock) / 2 + 16 * spin + place];
              expect(found, `seed ${seed}, block ${n}, spin ${spin}, lane ${lane}`).toBe(spinDraw(words, spin) - 32768);
            }
          }
        }
        expect(u32[(out + blocks * drawBytesPerBlock) / 4]).toBe(0x5a5a5a5a);
      }
    });
  });
});
