import { scaled } from '@isinglass/sdk';
import { describe, expect, it } from 'vitest';
import { type RandomSparse, randomSparse } from '../../test/random-sparse.ts';
import { compileKernels, instantiateKernels, isSupported, type SimdVariant } from '../load-kernels.ts';
import { addSparse } from './sparse-fields.ts';

const variants: readonly SimdVariant[] = ['baseline', 'relaxed'];
const kinds = [
  { kind: 'equal', degreeMax: 15, largestWeight: 127 },
  { kind: 'weighted', degreeMax: 30, largestWeight: 127 },
  // More than 256 segments: V needs more than 16 bits.
  { kind: 'weighted', degreeMax: 1600, largestWeight: 127 },
] as const;

describe.each(variants)('sparse fields, %s', (variant) => {
  describe.runIf(isSupported(variant))('where the engine has it', () => {
    it.each(kinds)('$kind records of up to $degreeMax neighbours add scaled(A), any sh', async (o) => {
      const modules = await compileKernels(variant);
      for (let seed = 0; seed <= 40; seed++) {
        const c = randomSparse({ ...o, seed, tiles: 1 });
        const out = randomSums(c);
        const m = multiplierFor(c, seed);
        const expected = copyOf(c);
        addSparse(expected, o.kind, { ...c, out }, (A) => scaled(A, m));
        const kernels = instantiateKernels(modules, c.memory);
        const add = o.kind === 'equal' ? kernels.addEqualFields : kernels.addWeightedFields;
        add(c.records, c.spins, c.giver, out, m.M, m.sh);
        expect(isEqual(c, expected), `seed ${seed}, M ${m.M}, sh ${m.sh}`).toBe(true);
      }
    });

    it.each(kinds)('$kind records of up to $degreeMax neighbours add A shifted to the left', async (o) => {
      const modules = await compileKernels(variant);
      for (let seed = 0; seed < 9; seed++) {
        const c = randomSparse({ ...o, seed, tiles: 1 });
        const out = randomSums(c);
        const expected = copyOf(c);
        addSparse(expected, o.kind, { ...c, out }, (A) => A * 2 ** seed);
        const kernels = instantiateKernels(modules, c.memory);
        const add = o.kind === 'equal' ? kernels.addEqualSums : kernels.addWeightedSums;
        add(c.records, c.spins, c.giver, out, seed);
        expect(isEqual(c, expected), `seed ${seed}`).toBe(true);
      }
    });
  });
});

/** sh = seed, or the smallest for which |scaled(A)| stays below 2²⁶. */
function multiplierFor({ bases, dice }: RandomSparse, seed: number): { readonly M: number; readonly sh: number } {
  const M = dice.pick([32768, 65535, dice.integer(32768, 65535)]);
  const largest = Math.max(...bases);
  let sh = seed;
  while (scaled(largest, { M, sh }) >= 2 ** 26) sh++;
  return { M, sh };
}

function randomSums({ allocate, slots, memory, dice }: RandomSparse): number {
  const out = allocate(64 * slots);
  const view = new DataView(memory.buffer);
  for (let n = 0; n < 16 * slots; n++) view.setInt32(out + 4 * n, dice.integer(-(2 ** 25), 2 ** 25), true);
  return out;
}

const copyOf = ({ memory }: RandomSparse): DataView =>
  new DataView(new Uint8Array(new Uint8Array(memory.buffer)).buffer);

const isEqual = ({ memory }: RandomSparse, expected: DataView): boolean =>
  Buffer.compare(Buffer.from(memory.buffer), Buffer.from(expected.buffer)) === 0;
