/** node packages/kernels/src/gibbs-update/gibbs-update.bench.ts */
import { placeGibbsConstants } from '../../test/gibbs-constants.ts';
import { KernelArena } from '../../test/kernel-arena.ts';
import { mapOfW1, type Pass, pixelsPerChunk, timeKernels } from '../../test/time-kernels.ts';

const { quads, pixels, spins } = mapOfW1;
const units = pixelsPerChunk;
const base = 4000;
const m = { M: 45000, sh: 15 };

await timeKernels((kernelsOver) => {
  const a = new KernelArena(1, 24);
  const { dice } = a;
  const kernels = kernelsOver(a.memory);
  const constants = placeGibbsConstants(a, { fractionBits: 9, ...m, rows: 16 });
  // Sums and draws of one chunk stand for those of all: they are made just before they are used, and lie in the first-level cache.
  const sums = a.placeI16(a.draw(64 * units, () => dice.integer(base / 2 - 400, base / 2 + 400)));
  const fields = a.placeI32(a.draw(64 * units, () => dice.integer(-1100, 1100)));
  const draws = a.placeI16(a.draw(64 * units, () => dice.integer(-32768, 32767)));
  const of = (c: number): number => draws + 32 * units * c;
  const zeros = a.placeI32(new Array(2 * units).fill(0));
  const classConstants = a.placeI32(new Array(4).fill(Math.floor((2 ** (m.sh - 1) - base * m.M) / 2)));
  const rowFields = a.placeI16(a.draw(64 * units, () => dice.integer(-100, 100)));
  const nibbles = a.placeU8(new Uint8Array(16 * quads * pixels));
  const counts = a.placeU8(new Uint8Array(64 * units));
  const conditional = a.placeI32(new Array(64 * units).fill(0));

  const chunks = (name: string, update: (chunk: number, nibbleStride: number) => void): Pass => ({
    name,
    updates: spins,
    run(): void {
      for (let quad = 0; quad < quads; quad++) {
        for (let pixel = 0; pixel < pixels; pixel += units) {
          // The last chunk of a quad is short; here it ends at the quad's end.
          update(nibbles + 16 * (Math.min(pixel, pixels - units) * quads + quad), 16 * quads);
        }
      }
    },
  });
  const bySums = (name: string, o: { stride: 2 | 32; counts: number; conditional: number }): Pass =>
    chunks(name, (at, stride) => {
      const field = o.stride === 2 ? zeros : rowFields;
      // biome-ignore format: one line as the kernel's signature
      kernels.updateSums(constants, units, sums, zeros, zeros, classConstants, field, o.stride, of(0), of(1), of(2), of(3), 32, at, stride, 0, o.counts, o.conditional);
    });
  const byFields = (name: string, temperature: number): Pass =>
    chunks(name, (at, stride) => {
      // biome-ignore format: one line as the kernel's signature
      kernels.updateFields(constants, units, fields, 0, temperature, of(0), of(1), of(2), of(3), 32, at, stride, 0, 0, 0);
    });
  return [
    bySums('updateSums, H by spin', { stride: 2, counts: 0, conditional: 0 }),
    bySums('updateSums, H by spin and row', { stride: 32, counts: 0, conditional: 0 }),
    bySums('updateSums with spin sums', { stride: 2, counts, conditional: 0 }),
    bySums('updateSums with conditional sums', { stride: 2, counts: 0, conditional }),
    byFields('updateFields, b = 65536', 65536),
    byFields('updateFields, b = 40000', 40000),
    chunks('tossCoins', (at, stride) => {
      kernels.tossCoins(constants, units, 4, 0, of(0), of(1), of(2), of(3), 32, at, stride, 0);
    }),
  ];
});
