/** Opens the machines of a device that runs blocks of the fixed law on the kernels. Each device has its own memory and threads. */
import type { Program } from '@isinglass/sdk';
import { type Machines, planInMemory, Slicer } from '@isinglass/sdk/machine-driver';
import type { SimdVariant } from '../load-kernels.ts';
import { type KernelHost, openKernelHost } from './kernel-host.ts';
import type { KernelMachines } from './kernel-machines.ts';
import { memoryMisfit } from './memory/memory-misfit.ts';
import { noUri, type UriWithMemory } from './memory/uri-with-memory.ts';
import { simdMachines } from './simd-machine.ts';

export interface KernelMachinesOptions {
  /** Bytes that loaded blocks and one run may take together; at most `deviceMemoryMiBMax` MiB of them are used. */
  readonly memoryBytesMax: number;
  /** Rows (images × chains) of one run; Infinity: as many as fit into memory. */
  readonly rowsMax: number;
  /**
   * Threads that compute, beside the one that answers the caller: 1 … `threadsMax()`, each spawned when it is first needed; where the engine
   * gives none, the calling thread computes, in slices. 0: always the calling thread, which costs a run of one row the least.
   */
  readonly threads: number;
  /** The build of the kernels; `bestVariant()` of `@isinglass/kernels` is the fastest here. */
  readonly simd: SimdVariant;
  /** What remedies name. Default: nothing. */
  readonly uriWithMemory?: UriWithMemory;
}

/** Machines for programs of the fixed law, bit for bit. Rejects where the engine does not compile the kernels. */
export function openKernelMachines(o: KernelMachinesOptions): Promise<Machines> {
  return openMachinesOf(o, simdMachines());
}

/** The same over a kind of machine; tests give others. */
export async function openMachinesOf<M, R>(o: KernelMachinesOptions, kind: KernelMachines<M, R>): Promise<Machines> {
  const host: KernelHost<M, R> = await openKernelHost(o, kind.handler);
  const { workers } = host;
  const uriWithMemory = o.uriWithMemory ?? noUri;
  return {
    plan(program) {
      assertFixed(program);
      return planInMemory(program, {
        footprint: (block) => kind.footprint(program, block, { threads: workers.size }),
        bytesMax: o.memoryBytesMax,
        rowsMax: o.rowsMax,
        misfit: (shortage) => memoryMisfit(shortage, uriWithMemory),
      });
    },
    async measure(program, block, signals) {
      const work = kind.measure?.(program, block, { threads: workers.size });
      if (work !== undefined) await new Slicer(signals).drain(work);
    },
    load: (request) => kind.load(request, host),
    lost: workers.lost,
    close: () => host.close(),
  };
}

/** Kernels compute with integers. */
function assertFixed({ json }: Program): void {
  if (json.law.kind !== 'fixed') throw new TypeError(`kernels compute the fixed law, not the ${json.law.kind} one`);
}
