/** node packages/kernels/src/random-words/random-words.bench.ts */
import { KernelArena } from '../../test/kernel-arena.ts';
import { mapOfW1, timeKernels } from '../../test/time-kernels.ts';
import { drawBytesPerBlock, keyBytes, preparedBytes } from './random-words.exports.ts';

const blocks = (mapOfW1.channels * mapOfW1.pixels) / 8;
/** As the CPU backend draws: 32 KiB at a time. */
const blocksPerCall = 128;

await timeKernels((kernelsOver) =>
  (
    [
      { name: '16 chains of one image', images: 1, kernel: 'drawRows' },
      { name: '16 images', images: 16, kernel: 'drawRows' },
      { name: '8 images', images: 8, kernel: 'drawHalfRows' },
    ] as const
  ).map(({ name, images, kernel }) => {
    const a = new KernelArena(1);
    const kernels = kernelsOver(a.memory);
    const [keys, prepared] = [a.allocate(keyBytes), a.allocate(preparedBytes)];
    const counters = a.placeI32(Array.from({ length: 32 }, (_, n) => (n < 16 ? n % images : n)));
    const out = a.allocate(blocksPerCall * drawBytesPerBlock);
    let sweep = 0;
    const run = (): void => {
      kernels.prepareKeys(keys, 1, 2);
      kernels.prepareDraws(prepared, keys, counters, sweep++);
      for (let block = 0; block < blocks; block += blocksPerCall) {
        kernels[kernel](out, keys, prepared, block, Math.min(blocksPerCall, blocks - block));
      }
    };
    return { name, updates: mapOfW1.spins / (kernel === 'drawHalfRows' ? 2 : 1), run };
  }),
);
