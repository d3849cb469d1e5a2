/** node packages/kernels/src/half-sums/half-sums.bench.ts */
import { KernelArena } from '../../test/kernel-arena.ts';
import { mapOfW1, pixelsPerChunk, timeKernels } from '../../test/time-kernels.ts';
import { quadTable } from './half-sums.ts';

const { quads, width, pixels, spins } = mapOfW1;
/** Taps in bounds of a 3 × 3 convolution with padding 1, of all pixels, times 64 channels; of 16 rows and 64 channels. */
const synapticOperations = (3 * width - 2) ** 2 * 64 * 64 * 16;

const kernelsByBytes = [
  { bytesPerQuad: 64, names: ['halfSums1', 'halfSums2', 'halfSums4'] },
  { bytesPerQuad: 128, names: ['carriedHalfSums'] },
] as const;

await timeKernels((kernelsOver) =>
  kernelsByBytes.flatMap(({ bytesPerQuad, names }) => {
    const a = new KernelArena(1, 16);
    const kernels = kernelsOver(a.memory);
    const w = placeConvolution(a, bytesPerQuad);
    return names.map((name) => {
      const run = (): void => {
        for (let quad = 0; quad < quads; quad++) {
          const tables = w.tables + 9 * quads * bytesPerQuad * quad;
          for (let pixel = 0; pixel < pixels; pixel += pixelsPerChunk) {
            const end = Math.min(pixels, pixel + pixelsPerChunk);
            kernels[name](w.out, w.nibbles, tables, w.pixels, w.classes, pixel, end);
          }
        }
      };
      return { name, updates: spins, synapticOperations, run };
    });
  }),
);

/** Weights that every kernel sums exactly: Σ|w| of four neighbouring quads is at most 16·15. */
function placeConvolution(a: KernelArena, bytesPerQuad: 64 | 128) {
  const { dice } = a;
  const tables = a.allocate(9 * quads * quads * bytesPerQuad);
  for (let at = tables; at < tables + 9 * quads * quads * bytesPerQuad; at += bytesPerQuad / 4) {
    a.bytes.fill(0, at, at + bytesPerQuad / 4);
    a.bytes.set(quadTable(Array.from({ length: 4 }, () => dice.integer(-15, 15))), at);
  }
  const nibbles = a.allocate(16 * quads * pixels);
  for (let n = 0; n < 16 * quads * pixels; n++) a.bytes[nibbles + n] = dice.integer(0, 15);
  const words: number[] = [];
  const offsets: number[] = [];
  // A class per border of either axis: its taps in a row of the kernel are one run.
  const tapsOf = (border: number): number[] => [-1, 0, 1].filter((tap) => tap !== border);
  for (const y of [-1, 2, 1]) {
    for (const x of [-1, 2, 1]) {
      offsets.push(4 * words.length);
      const columns = tapsOf(x);
      words.push(tapsOf(y).length, 0, 0, 0);
      for (const dy of tapsOf(y)) {
        const first = columns[0] as number;
        const table = (3 * (dy + 1) + first + 1) * quads * bytesPerQuad;
        words.push((dy * width + first) * 16 * quads, table, columns.length * quads, 0);
      }
    }
  }
  const borderOf = (at: number): number => (at === 0 ? 0 : at === width - 1 ? 2 : 1);
  const records = Array.from({ length: pixels }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    return [16 * quads * pixel, offsets[3 * borderOf(y) + borderOf(x)] as number];
  });
  return {
    tables,
    nibbles,
    out: a.allocate(128 * pixelsPerChunk),
    pixels: a.placeI32(records.flat()),
    classes: a.placeI32(words),
  };
}
