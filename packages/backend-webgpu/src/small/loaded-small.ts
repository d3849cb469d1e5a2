/** A small block on the GPU. */
import type { LoadedBlock } from '../block/loaded-block.ts';
import type { GpuContext } from '../gpu/gpu-context.ts';
import { type SmallBlock, smallBlock } from './small-block.ts';

export interface LoadedSmall extends SmallBlock {
  readonly itemBuffer: GPUBuffer;
  readonly listBuffer: GPUBuffer;
}

export function* loadSmall(block: LoadedBlock, gpu: GpuContext): Generator<void, LoadedSmall, void> {
  const small = yield* smallBlock(block);
  return {
    ...small,
    itemBuffer: gpu.memory.filled('items', small.items),
    listBuffer: gpu.memory.filled('lists', small.lists),
  };
}
