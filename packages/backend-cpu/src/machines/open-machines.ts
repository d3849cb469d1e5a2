/** Chooses the machine for a block: kernels for the fixed law on `cpu`, scalar code for the real law and on `cpu:scalar`. */
import { memoryMisfit, openKernelMachines } from '@isinglass/kernels/machine';
import type { Block, Program } from '@isinglass/sdk';
import { type Machines, type MemoryFootprint, planInMemory, Slicer } from '@isinglass/sdk/machine-driver';
import { type CpuOptions, uriWithMemory } from '../device-options.ts';
import { footprint } from '../scalar/footprint.ts';
import { ScalarMachine } from '../scalar/scalar-machine.ts';

/**
 * The machines of a device that is opened with these options: kernels for what they can run, the witness for the rest. Rejects where the engine
 * does not compile the kernels. `openKernels`: tests open others.
 */
export async function openMachines(options: CpuOptions, openKernels = openKernelMachines): Promise<Machines> {
  const { simd } = options;
  const scalar = scalarMachines(options);
  if (simd === null) return scalar;
  const kernels = await openKernels({ ...options, simd, uriWithMemory: uriWithMemory(options) });
  const machinesFor = (program: Program): Machines => (program.json.law.kind === 'fixed' ? kernels : scalar);
  return {
    plan: (program) => machinesFor(program).plan(program),
    measure: async (program, block, signals) => machinesFor(program).measure?.(program, block, signals),
    load: (o) => machinesFor(o.program).load(o),
    lost: kernels.lost,
    close: () => kernels.close(),
  };
}

/** The witness alone. It lives in this thread, holds nothing and cannot be lost. */
function scalarMachines(options: CpuOptions): Machines {
  const { memoryBytesMax, rowsMax } = options;
  return {
    plan: (program) =>
      planInMemory(program, {
        footprint: (block) => scalarFootprint(program, block),
        bytesMax: memoryBytesMax,
        rowsMax,
        misfit: (shortage) => memoryMisfit(shortage, uriWithMemory(options)),
      }),
    load: ({ program, block, plan, signals }) => new Slicer(signals).drain(ScalarMachine.load(program, block, plan)),
    lost: new AbortController().signal,
    close: async () => {},
  };
}

function scalarFootprint(program: Program, block: Block): MemoryFootprint {
  const { tileRows, ...sizes } = footprint(program, block);
  return { ...sizes, rowsPreferred: tileRows };
}
