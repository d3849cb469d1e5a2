/** node packages/kernels/src/row-update/row-update.bench.ts */
import { KernelArena } from '../../test/kernel-arena.ts';
import { placeRowConstants } from '../../test/row-constants.ts';
import { mapOfW1, type Pass, timeKernels } from '../../test/time-kernels.ts';
import { type DrawOrder, rowScratchBytes } from './row-update.exports.ts';

const { pixels, channels } = mapOfW1;
const units = pixels;
const groups = channels / 16;
const spins = channels * pixels;
const base = 4000;
const { M, sh } = { M: 45000, sh: 15 };

await timeKernels((kernelsOver) => {
  const a = new KernelArena(1, 24);
  const { dice } = a;
  const kernels = kernelsOver(a.memory);
  const constants = placeRowConstants(a, { fractionBits: 9, M, sh });
  // Sums and draws of one group stand for those of all: they are made just before they are used.
  const sums = a.placeI16(a.draw(16 * units, () => dice.integer(base / 2 - 400, base / 2 + 400)));
  const fields = a.placeI32(a.draw(16 * units, () => dice.integer(-1100, 1100)));
  const field = a.placeI16(a.draw(spins, () => dice.integer(-100, 100)));
  const draws = a.placeI16(a.draw(16 * units + 64, () => dice.integer(-32768, 32767)));
  const zeros = a.placeI32(new Array(2 * units).fill(0));
  const C = Math.floor((2 ** (sh - 1) - base * M) / 2) + 32768 * M;
  const classConstants = a.placeI32(new Array(16).fill(C));
  const bits = a.placeU8(Array.from({ length: 16 }, (_, lane) => 16 << (lane & 3)));
  const nibbles = a.placeU8(new Uint8Array(4 * groups * pixels));
  const masks = a.placeU8(new Uint8Array(spins));
  const counts = a.placeU8(new Uint8Array(spins));
  const conditional = a.placeI32(new Array(spins).fill(0));
  const scratch = a.allocate(rowScratchBytes);
  const offsets = [
    a.placeI32(Array.from({ length: 16 }, (_, c) => 2 * c * pixels)),
    0,
    a.placeI32(a.draw(16 * units, () => 2 * dice.integer(0, 16 * units - 1))),
  ] as const;

  const pass = (name: string, update: (group: number) => void): Pass => ({
    name,
    updates: spins,
    run(): void {
      for (let group = 0; group < groups; group++) update(group);
    },
  });
  const bySums = (name: string, o: { order: DrawOrder; masks?: true; counts?: true; conditional?: true }): Pass =>
    pass(name, (group) => {
      const at = 16 * units * group;
      const [states, stride] = o.masks ? [0, 0] : [nibbles + 4 * group, 4 * groups];
      const wanted = [
        o.masks ? masks + at : 0,
        o.counts ? counts + at : 0,
        o.conditional ? conditional + 4 * at : 0,
      ] as const;
      // biome-ignore format: one line as the kernel's signature
      kernels.updateRowSums(constants, units, sums, zeros, zeros, classConstants, field + 2 * at, bits, 0, draws, o.order, offsets[o.order], scratch, states, stride, ...wanted);
    });
  const byFields = (name: string, temperature: number): Pass =>
    pass(name, (group) => {
      // biome-ignore format: one line as the kernel's signature
      kernels.updateRowFields(constants, units, fields, 0, temperature, bits, 0, draws, 0, offsets[0], scratch, nibbles + 4 * group, 4 * groups, 0, 0, 0);
    });
  return [
    bySums('updateRowSums, channels of a pixel', { order: 0 }),
    bySums('the same with spin sums', { order: 0, counts: true }),
    bySums('the same with conditional sums', { order: 0, conditional: true }),
    bySums('updateRowSums, spins in order', { order: 1 }),
    bySums('updateRowSums, spins of a list, byte masks', { order: 2, masks: true }),
    byFields('updateRowFields, b = 65536', 65536),
    byFields('updateRowFields, b = 40000', 40000),
  ];
});
