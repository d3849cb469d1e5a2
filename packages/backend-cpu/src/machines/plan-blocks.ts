/** The plan of this device: its one limit is memory. */
import type { Block, Misfit, Plan, Program } from '@isinglass/sdk';
import { type MemoryFootprint, type MemoryShortage, planInMemory } from '@isinglass/sdk/machine-driver';
import type { CpuOptions } from '../device-options.ts';
import { deviceMemoryMiBMax } from '../memory/device-memory.ts';

export function planBlocks(
  program: Program,
  { device, memoryBytesMax, rowsMax }: CpuOptions,
  footprint: (program: Program, block: Block) => MemoryFootprint,
): Plan | readonly Misfit[] {
  return planInMemory(program, {
    footprint: (block) => footprint(program, block),
    bytesMax: memoryBytesMax,
    rowsMax,
    misfit: (shortage) => misfit(shortage, device),
  });
}

function misfit({ bytesNeeded, bytesAvailable, where }: MemoryShortage, opened: CpuOptions['device']): Misfit {
  const needed = Math.ceil(bytesNeeded / 2 ** 20);
  // Beyond what kernels can address there is still the scalar machine.
  const device = needed > deviceMemoryMiBMax ? 'cpu:scalar' : opened;
  return {
    limit: 'memoryMiB',
    needed,
    available: Math.floor(bytesAvailable / 2 ** 20),
    where,
    remedies: [`open the device with more memory: ${device}?memoryMiB=${needed}`, 'a smaller block'],
  };
}
