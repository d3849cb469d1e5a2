/** Whether a program's blocks fit into the memory that the device may use, and how many rows then fit beside them. */
import type { Block, BlockPlan, Misfit, Plan, Program } from '@isinglass/sdk';
import type { CpuOptions } from '../device-options.ts';
import { type Footprint, footprint } from '../scalar/footprint.ts';

export function planBlocks(program: Program, { memoryBytesMax, rowsMax }: CpuOptions): Plan | readonly Misfit[] {
  const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
  const sizes = blocks.map((block) => ({ block, size: footprint(program, block) }));
  const loaded = sizes.reduce((sum, { size }) => sum + size.loadedBytes, 0);
  const misfits: Misfit[] = [];
  const plans: BlockPlan[] = [];
  for (const { block, size } of sizes) {
    const needed = loaded + size.runBytes + size.bytesPerRow;
    if (needed > memoryBytesMax) misfits.push(misfit(program, block, needed, memoryBytesMax));
    else plans.push(planOf(size, { bytes: memoryBytesMax - loaded - size.runBytes, rowsMax }));
  }
  if (misfits.length > 0) return misfits;
  return { bytes: loaded + sizes.reduce((most, { size }) => Math.max(most, size.runBytes), 0), blocks: plans };
}

function planOf({ bytesPerRow, tileRows }: Footprint, free: { bytes: number; rowsMax: number }): BlockPlan {
  const rowsMax = Math.min(free.rowsMax, Math.floor(free.bytes / bytesPerRow));
  return { bytesPerRow, rowsMax, rowsPreferred: Math.min(tileRows, rowsMax) };
}

function misfit(program: Program, block: Block, needed: number, available: number): Misfit {
  return {
    limit: 'memoryMiB',
    needed: Math.ceil(needed / 2 ** 20),
    available: Math.floor(available / 2 ** 20),
    where: `stages[${program.json.stages.indexOf(block)}]`,
    remedies: [`open the device with more memory: cpu?memoryMiB=${Math.ceil(needed / 2 ** 20)}`, 'a smaller block'],
  };
}
