import { philox4x32, philoxKey, spinDraw } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compileKernels, instantiateKernels, isSupported, kernelMemory, type SimdVariant } from '../load-kernels.ts';
import { keyBytes } from '../random-words/random-words.exports.ts';
import { rowDrawBytes, rowPreparedBytes } from './row-words.exports.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];

describe.each(variants)('draws of one row, %s', (variant) => {
  it.runIf(isSupported(variant))('are those of the law, in the order of spins', async () => {
    const memory = kernelMemory({ initial: 4, maximum: 4 });
    const kernels = instantiateKernels(await compileKernels(variant), memory);
    const [keys, prepared, out] = [1024, 2048, 8192];
    expect(keys + keyBytes <= prepared && prepared + rowPreparedBytes <= out).toBe(true);
    const i16 = new Int16Array(memory.buffer);
    for (let seed = 0; seed < 60; seed++) {
      const dice = new Dice(seed);
      const [low, high] = philoxKey(dice.bits64());
      const [sweep, image, blockAndChain] = [dice.word(), dice.word(), dice.word()];
      // Block numbers up to the largest, and every rest of eight.
      const blocks = seed % 20;
      const block = dice.chance(0.2) ? 2 ** 29 - blocks : dice.integer(0, 2 ** 28);
      const end = (out + rowDrawBytes(blocks)) / 2;
      i16[end] = 12345;
      kernels.prepareKeys(keys, low, high);
      kernels.prepareRowDraws(prepared, keys, sweep, image, blockAndChain);
      kernels.drawRow(out, keys, prepared, block, blocks);
      const words = new Uint32Array(4);
      for (let n = 0; n < blocks; n++) {
        philox4x32(block + n, sweep, image, blockAndChain, low, high, words);
        const found = i16.slice(out / 2 + 8 * n, out / 2 + 8 * n + 8);
        const wanted = Int16Array.from({ length: 8 }, (_, spin) => spinDraw(words, spin) - 32768);
        expect(found, `seed ${seed}, block ${n}`).toEqual(wanted);
      }
      expect(i16[end]).toBe(12345);
    }
  });
});
