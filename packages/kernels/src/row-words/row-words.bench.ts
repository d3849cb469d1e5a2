/** node packages/kernels/src/row-words/row-words.bench.ts */
import { KernelArena } from '../../test/kernel-arena.ts';
import { mapOfW1, timeKernels } from '../../test/time-kernels.ts';
import { keyBytes } from '../random-words/random-words.exports.ts';
import { rowDrawBytes, rowPreparedBytes } from './row-words.exports.ts';

/** As the CPU backend draws: 16 channels of a map at a time. */
const blocks = (16 * mapOfW1.pixels) / 8;
const groups = mapOfW1.channels / 16;

await timeKernels((kernelsOver) => {
  const a = new KernelArena(1);
  const kernels = kernelsOver(a.memory);
  const [keys, prepared] = [a.allocate(keyBytes), a.allocate(rowPreparedBytes)];
  const out = a.allocate(rowDrawBytes(blocks));
  let sweep = 0;
  kernels.prepareKeys(keys, 1, 2);
  const run = (): void => {
    for (let group = 0; group < groups; group++) {
      kernels.prepareRowDraws(prepared, keys, sweep++, 7, 8);
      kernels.drawRow(out, keys, prepared, group * blocks, blocks);
    }
  };
  return [{ name: 'drawRow', updates: mapOfW1.channels * mapOfW1.pixels, run }];
});
