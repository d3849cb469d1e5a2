/** node packages/kernels/src/row-half-sums/row-half-sums.bench.ts */
import { KernelArena } from '../../test/kernel-arena.ts';
import { mapOfW1, timeKernels } from '../../test/time-kernels.ts';
import { byteTable, type QuadWeights, wideTable } from './row-half-sums.ts';

const { channels, quads, width, pixels } = mapOfW1;
const groups = channels / 16;
/** Taps in bounds of a 3 × 3 convolution with padding 1, of all pixels, times 64 channels at both ends. */
const synapticOperations = (3 * width - 2) ** 2 * channels * channels;

const kernelsByBytes = [
  { bytesPerQuad: 256, names: ['rowHalfSums1', 'rowHalfSums2', 'rowHalfSums4'] },
  { bytesPerQuad: 512, names: ['rowWideHalfSums'] },
] as const;

await timeKernels((kernelsOver) =>
  kernelsByBytes.flatMap(({ bytesPerQuad, names }) => {
    const a = new KernelArena(1, 16);
    const kernels = kernelsOver(a.memory);
    const w = placeConvolution(a, bytesPerQuad);
    return names.map((name) => {
      const run = (): void => {
        for (let group = 0; group < groups; group++) {
          const tables = w.tables + 9 * quads * bytesPerQuad * group;
          kernels[name](w.out, w.nibbles, tables, w.pixels, w.classes, 0, pixels, 1, 0, 0);
        }
      };
      return { name, updates: channels * pixels, synapticOperations, run };
    });
  }),
);

/** Weights that every kernel sums exactly: Σ|w| of four neighbouring quads is at most 16·15. */
function placeConvolution(a: KernelArena, bytesPerQuad: 256 | 512) {
  const { dice } = a;
  const tables = a.allocate(9 * quads * groups * bytesPerQuad);
  const weight = (): number => dice.integer(-15, 15);
  for (let n = 0; n < 9 * quads * groups; n++) {
    const weights: QuadWeights = Array.from({ length: 16 }, () => [weight(), weight(), weight(), weight()] as const);
    a.bytes.set((bytesPerQuad === 256 ? byteTable : wideTable)(weights), tables + n * bytesPerQuad);
  }
  const nibbles = a.allocate(quads * pixels);
  for (let n = 0; n < quads * pixels; n++) a.bytes[nibbles + n] = 16 * dice.integer(0, 15);
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
        words.push((dy * width + first) * quads, table, columns.length * quads, 0);
      }
    }
  }
  const borderOf = (at: number): number => (at === 0 ? 0 : at === width - 1 ? 2 : 1);
  const records = Array.from({ length: pixels }, (_, pixel) => {
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    return [quads * pixel, offsets[3 * borderOf(y) + borderOf(x)] as number];
  });
  return {
    tables,
    nibbles,
    out: a.allocate(32 * pixels),
    pixels: a.placeI32(records.flat()),
    classes: a.placeI32(words),
  };
}
