/** Chooses the machine for a block: kernels for the fixed law on `cpu`, scalar code for the real law and on `cpu:scalar`. */
import type { Block, Program } from '@isinglass/sdk';
import {
  type BlockMachine,
  type LoadMachineOptions,
  type Machines,
  type MemoryFootprint,
  Slicer,
} from '@isinglass/sdk/machine-driver';
import type { CpuOptions } from '../device-options.ts';
import { footprint } from '../scalar/footprint.ts';
import { ScalarMachine } from '../scalar/scalar-machine.ts';
import { simdMachines } from '../simd/simd-machine.ts';
import { openKernelHost } from './kernel-host.ts';
import type { KernelMachines } from './kernel-machines.ts';
import { planBlocks } from './plan-blocks.ts';

/** The machines of a device that is opened with these options. Each device has its own memory and threads. */
export async function openMachines(options: CpuOptions): Promise<Machines> {
  return kernelMachines(options, simdMachines());
}

/** The witness alone. It lives in this thread and cannot be lost. */
export function scalarMachines(options: CpuOptions): Machines {
  return {
    plan: (program) => planBlocks(program, options, scalarFootprint),
    load: loadScalar,
    lost: new AbortController().signal,
    close: async () => {},
  };
}

/** Kernels for what they can run, the witness for the rest. Rejects where the engine does not compile the kernels. */
export async function kernelMachines<M, R>(options: CpuOptions, kind: KernelMachines<M, R>): Promise<Machines> {
  const { simd, threads } = options;
  if (simd === null) return scalarMachines(options);
  const host = await openKernelHost({ ...options, simd }, kind.handler);
  const footprintOf = (program: Program, block: Block): MemoryFootprint =>
    suits(program) ? kind.footprint(program, block, { threads }) : scalarFootprint(program, block);
  return {
    plan: (program) => planBlocks(program, options, footprintOf),
    measure: async (program, block, signals) => {
      const work = suits(program) ? kind.measure?.(program, block, { threads }) : undefined;
      if (work !== undefined) await new Slicer(signals).drain(work);
    },
    load: (o) => (suits(o.program) ? kind.load(o, host) : loadScalar(o)),
    lost: host.workers.lost,
    close: () => host.close(),
  };
}

/** Kernels compute with integers. */
const suits = (program: Program): boolean => program.json.law.kind === 'fixed';

function scalarFootprint(program: Program, block: Block): MemoryFootprint {
  const { tileRows, ...sizes } = footprint(program, block);
  return { ...sizes, rowsPreferred: tileRows };
}

function loadScalar({ program, block, plan, signals }: LoadMachineOptions): Promise<BlockMachine> {
  return new Slicer(signals).drain(ScalarMachine.load(program, block, plan));
}
