/** node packages/kernels/src/pack-spins/pack-spins.bench.ts */
import { KernelArena } from '../../test/kernel-arena.ts';
import { mapOfW1, type Pass, timeKernels } from '../../test/time-kernels.ts';

const { channels, quads, pixels, spins } = mapOfW1;
const slots = 4 * quads * pixels;
const rowBytes = (channels * pixels) / 8;

await timeKernels((kernelsOver) => {
  const a = new KernelArena(1, 128);
  const kernels = kernelsOver(a.memory);
  const nibbles = a.placeU8(new Uint8Array(16 * quads * pixels).fill(5));
  const masks = a.placeU8(new Uint8Array(16 * slots));
  const rows = a.allocate(16 * rowBytes);
  const sources = a.placeI32(Array.from({ length: 16 }, (_, lane) => rows + rowBytes * lane));
  const sums = a.placeU8(new Uint8Array(64 * slots));
  const counts = a.placeU8(new Uint8Array(16 * slots));
  const out = a.allocate(4 * channels * pixels);
  const pass = (name: string, run: () => void): Pass => ({ name, updates: spins, run });
  return [
    pass('packTile from nibbles', () => kernels.packTile(rows, rowBytes, 16, nibbles, 0, channels, pixels)),
    pass('packTile from masks', () => kernels.packTile(rows, rowBytes, 16, 0, masks, channels, pixels)),
    pass('unpackTile to nibbles', () => kernels.unpackTile(sources, nibbles, 0, channels, pixels)),
    pass('unpackTile to masks', () => kernels.unpackTile(sources, 0, masks, channels, pixels)),
    pass('flushCounts', () => kernels.flushCounts(sums, counts, slots)),
    pass('collectLane, all 16 rows', () => {
      for (let lane = 0; lane < 16; lane++) kernels.collectLane(out, sums, counts, lane, channels, pixels, -1);
    }),
  ];
});
