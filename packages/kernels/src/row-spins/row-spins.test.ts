import { packSpins, unpackSpins } from '@isinglass/sdk';
import { Dice } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compileKernels, instantiateKernels, isSupported, kernelMemory, type SimdVariant } from '../load-kernels.ts';
import { placeOfSpin } from '../row-update/row-update.ts';
import { nibbleOfRowSpin, type RowBank, slotOfRowSpin } from './row-spins.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];
const at = {
  words: 1024,
  nibbles: 4096,
  masks: 8192,
  slots: 16384,
  values: 32768,
  fields: 65536,
  counts: 98304,
} as const;

function randomBank(dice: Dice): RowBank {
  const channels = dice.integer(1, 40);
  if (dice.chance(0.3)) {
    const order = dice.shuffled(Array.from({ length: 2 * channels }, (_, n) => n));
    return { channels, pixels: 1, slots: Uint32Array.from(order.slice(0, channels)) };
  }
  return { channels, pixels: dice.pick([1, dice.integer(2, 20)]), slots: null };
}

describe.each(variants)('spins of one row in and out, %s', (variant) => {
  it.runIf(isSupported(variant))('states are where they are read, and come back as packed words', async () => {
    const memory = kernelMemory({ initial: 4, maximum: 4 });
    const kernels = instantiateKernels(await compileKernels(variant), memory);
    const u8 = new Uint8Array(memory.buffer);
    const u32 = new Uint32Array(memory.buffer);
    for (let seed = 0; seed < 80; seed++) {
      const dice = new Dice(seed);
      const bank = randomBank(dice);
      const count = bank.channels * bank.pixels;
      const states = Array.from({ length: count }, () => (dice.chance(0.5) ? 1 : -1));
      const packed = packSpins(states, 1, count);
      u32.set(packed.words, at.words / 4);
      if (bank.slots !== null) u32.set(bank.slots, at.slots / 4);
      const slots = bank.slots === null ? 0 : at.slots;
      const nibbles = bank.slots === null ? at.nibbles : 0;
      u8.fill(0xff, at.nibbles, at.masks);
      kernels.unpackRow(at.words, nibbles, at.masks, slots, bank.channels, bank.pixels);
      for (const [spin, state] of states.entries()) {
        expect(u8[at.masks + slotOfRowSpin(bank, spin)], `seed ${seed}, spin ${spin}`).toBe(state > 0 ? 0xff : 0);
        if (nibbles === 0) continue;
        const { byte, bit } = nibbleOfRowSpin(bank, spin);
        expect(((u8[at.nibbles + byte] as number) & bit) > 0, `seed ${seed}, spin ${spin}`).toBe(state > 0);
      }
      for (const from of nibbles === 0 ? [0] : [0, nibbles]) {
        u32.fill(0xffffffff, at.words / 4, at.words / 4 + packed.words.length);
        kernels.packRow(at.words, from, at.masks, slots, bank.channels, bank.pixels);
        const words = u32.slice(at.words / 4, at.words / 4 + packed.words.length);
        expect(unpackSpins({ ...packed, words }), `seed ${seed}`).toEqual(unpackSpins(packed));
        expect(words, `seed ${seed}`).toEqual(packed.words);
      }
    }
  });

  it.runIf(isSupported(variant))('sums and counts of every spin come out in index order', async () => {
    const memory = kernelMemory({ initial: 4, maximum: 4 });
    const kernels = instantiateKernels(await compileKernels(variant), memory);
    const u8 = new Uint8Array(memory.buffer);
    const u32 = new Uint32Array(memory.buffer);
    const i32 = new Int32Array(memory.buffer);
    for (let seed = 0; seed < 40; seed++) {
      const dice = new Dice(seed, 1);
      const bank = randomBank(dice);
      const count = bank.channels * bank.pixels;
      if (bank.slots !== null) u32.set(bank.slots, at.slots / 4);
      const slots = bank.slots === null ? 0 : at.slots;
      const sums = Int32Array.from({ length: count }, () => dice.integer(-(2 ** 20), 2 ** 20));
      for (const [spin, sum] of sums.entries()) {
        const slot = slotOfRowSpin(bank, spin);
        i32[at.fields / 4 + 16 * (slot >> 4) + placeOfSpin(slot & 15)] = sum;
        u8[at.counts + slot] = spin % 256;
        i32[at.values / 4 + spin] = spin;
      }
      kernels.collectRow(at.values, at.fields, at.counts, slots, bank.channels, bank.pixels, -5);
      const both = i32.slice(at.values / 4, at.values / 4 + count);
      expect(both, `seed ${seed}`).toEqual(sums.map((sum, spin) => spin + 2 * (sum + (spin % 256)) - 5));
      i32.fill(0, at.values / 4, at.values / 4 + count);
      kernels.collectRow(at.values, 0, at.counts, slots, bank.channels, bank.pixels, 0);
      const counts = i32.slice(at.values / 4, at.values / 4 + count);
      expect(counts, `seed ${seed}`).toEqual(sums.map((_, spin) => 2 * (spin % 256)));
    }
  });
});
