/** Whether a program's blocks fit into the memory that the device may use, and how many rows then fit beside them. */
import type { Block, BlockPlan, Misfit, Plan, Program } from '@isinglass/sdk';
import type { CpuOptions } from '../device-options.ts';
import { deviceMemoryMiBMax } from '../memory/device-memory.ts';
import type { Machines, MemoryFootprint } from './machines.ts';

export function planBlocks(
  program: Program,
  { device, memoryBytesMax, rowsMax }: CpuOptions,
  footprint: Machines['footprint'],
): Plan | readonly Misfit[] {
  const blocks = program.json.stages.filter((stage): stage is Block => stage.kind === 'block');
  const sizes = blocks.map((block) => ({ block, size: footprint(program, block) }));
  const loaded = sizes.reduce((sum, { size }) => sum + size.loadedBytes, 0);
  const misfits: Misfit[] = [];
  const plans: BlockPlan[] = [];
  for (const { block, size } of sizes) {
    const needed = loaded + size.runBytes + size.bytesPerRow;
    if (needed > memoryBytesMax) misfits.push(misfit(program, block, { needed, available: memoryBytesMax, device }));
    else plans.push(planOf(size, { bytes: memoryBytesMax - loaded - size.runBytes, rowsMax }));
  }
  if (misfits.length > 0) return misfits;
  return { bytes: loaded + sizes.reduce((most, { size }) => Math.max(most, size.runBytes), 0), blocks: plans };
}

function planOf(size: MemoryFootprint, free: { readonly bytes: number; readonly rowsMax: number }): BlockPlan {
  const rowsMax = Math.min(free.rowsMax, Math.floor(free.bytes / size.bytesPerRow));
  return { bytesPerRow: size.bytesPerRow, rowsMax, rowsPreferred: Math.min(size.rowsPreferred, rowsMax) };
}

function misfit(
  program: Program,
  block: Block,
  o: { readonly needed: number; readonly available: number; readonly device: CpuOptions['device'] },
): Misfit {
  const needed = Math.ceil(o.needed / 2 ** 20);
  // Beyond what kernels can address there is still the scalar machine.
  const device = needed > deviceMemoryMiBMax ? 'cpu:scalar' : o.device;
  return {
    limit: 'memoryMiB',
    needed,
    available: Math.floor(o.available / 2 ** 20),
    where: `stages[${program.json.stages.indexOf(block)}]`,
    remedies: [`open the device with more memory: ${device}?memoryMiB=${needed}`, 'a smaller block'],
  };
}
