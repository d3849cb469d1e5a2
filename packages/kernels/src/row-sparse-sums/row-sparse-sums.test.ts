import { Dice } from '@isinglass/sdk/testing';
import { describe, expect, it } from 'vitest';
import { compileKernels, instantiateKernels, isSupported, kernelMemory, type SimdVariant } from '../load-kernels.ts';
import { rowStepBytes, statesFollow } from './row-sparse-sums.exports.ts';
import { type ListedNeighbour, rowSparseSum } from './row-sparse-sums.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];
/** Kernel, largest |w| and number of neighbours: up to 255 in all for the form that sums bytes. */
const kernels = [
  ['rowSparseByteSums', 21, 12],
  ['rowSparseSums', 127, 40],
] as const;
const [states, heads, steps, out] = [1024, 4096, 8192, 1 << 19];

describe.each(variants)('half sums of listed couplings, %s', (variant) => {
  it.runIf(isSupported(variant)).each(kernels)(
    '%s adds every neighbour that agrees',
    async (name, weightMax, degreeMax) => {
      const memory = kernelMemory({ initial: 16, maximum: 16 });
      const instance = instantiateKernels(await compileKernels(variant), memory);
      const u8 = new Uint8Array(memory.buffer);
      const u32 = new Uint32Array(memory.buffer);
      const followed = { quads: 0, eights: 0 };
      for (let seed = 0; seed < 20; seed++) {
        const dice = new Dice(seed, weightMax);
        for (let n = 0; n < 500; n++) u8[states + n] = dice.chance(0.5) ? 0xff : 0;
        const units = Array.from({ length: 4 }, () =>
          Array.from({ length: 16 }, () =>
            Array.from({ length: dice.integer(0, degreeMax) }, (): ListedNeighbour => {
              return { slot: dice.integer(0, 499), weight: dice.integer(-weightMax, weightMax) };
            }),
          ),
        );
        for (const unit of units) followSomewhere(dice, unit);
        let at = 0;
        for (const [n, unit] of units.entries()) {
          const count = Math.max(...unit.map((neighbours) => neighbours.length));
          u32.set([at, count], heads / 4 + 2 * n);
          u8.fill(0, steps + at, steps + at + rowStepBytes * count);
          for (const [lane, neighbours] of unit.entries()) {
            for (const [k, { slot, weight }] of neighbours.entries()) {
              const step = steps + at + rowStepBytes * k;
              u32[step / 4 + lane] = slot;
              u8[step + 64 + lane] = weight < 0 ? 0xff : 0;
              u8[step + 80 + lane] = Math.abs(weight);
            }
          }
          for (let step = (steps + at) / 4; step < (steps + at + rowStepBytes * count) / 4; step += rowStepBytes / 4) {
            for (let quad = step; quad < step + 16; quad += 4) {
              const first = u32[quad] as number;
              const length = [8, 4].find(
                (length) =>
                  (quad - step) % length === 0 &&
                  Array.from({ length }, (_, n) => u32[quad + n] === first + n).every(Boolean),
              );
              if (length === undefined) continue;
              followed[length === 8 ? 'eights' : 'quads']++;
              u32[quad + 1] = statesFollow;
              if (length === 8) u32[quad + 2] = statesFollow;
              if (length === 8) quad += 4;
            }
          }
          at += rowStepBytes * count;
        }
        instance[name](out, states, heads, steps, 1, 4);
        const view = u8.subarray(states, states + 500);
        for (let n = 1; n < 4; n++) {
          const found = Uint16Array.from(new Uint16Array(memory.buffer, out + 32 * (n - 1), 16));
          const wanted = new Uint16Array(16);
          for (const [lane, neighbours] of (units[n] ?? []).entries()) {
            wanted[8 * (lane & 1) + (lane >> 1)] = rowSparseSum(neighbours, view);
          }
          expect(found, `seed ${seed}, unit ${n}`).toEqual(wanted);
        }
      }
      expect(Math.min(followed.quads, followed.eights)).toBeGreaterThan(20);
    },
  );
});

/** Neighbours of four or eight lanes that follow each other, as on lattices. */
function followSomewhere(dice: Dice, unit: ListedNeighbour[][]): void {
  for (const length of [4, 8]) {
    const begin = length * dice.integer(0, 16 / length - 1);
    const lanes = unit.slice(begin, begin + length);
    const first = dice.integer(0, 490);
    const n = dice.integer(0, Math.min(...lanes.map((neighbours) => neighbours.length)));
    for (const [lane, neighbours] of lanes.entries()) {
      if (neighbours[n] !== undefined) neighbours[n] = { ...neighbours[n], slot: first + lane };
    }
  }
}
