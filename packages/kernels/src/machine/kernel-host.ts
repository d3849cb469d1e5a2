/** What the kernels of one open device live in: compiled modules, memory, threads. */
import { compileKernels, type KernelModules, type SimdVariant } from '../load-kernels.ts';
import type { KernelMemory } from '../web-assembly.ts';
import { DeviceMemory } from './memory/device-memory.ts';
import type { UriWithMemory } from './memory/uri-with-memory.ts';
import { InlineWorkers } from './threads/inline-workers.ts';
import { nodeThreads } from './threads/pool-worker.ts';
import { WorkerPool } from './threads/worker-pool.ts';
import type { HandlerModule, Workers } from './threads/workers.ts';

/** What every thread gets, to make its own instances of the kernels. */
export interface KernelInit {
  readonly modules: KernelModules;
  readonly memory: KernelMemory;
}

export interface KernelHost<M, R> {
  readonly simd: SimdVariant;
  /** One address space for all programs and threads of the device. */
  readonly memory: DeviceMemory;
  /** The device's threads, spawned when they are first needed; this thread, where the engine has no others. */
  readonly workers: Workers<M, R>;
  /** This thread, for work that is shorter than sending it away. */
  readonly inline: Workers<M, R>;
  /** Ends the threads. The memory goes when nobody holds a view of it. */
  close(): Promise<void>;
}

/** `threads`: 0 for none beside this one. */
export async function openKernelHost<M, R>(
  o: {
    readonly simd: SimdVariant;
    readonly threads: number;
    readonly memoryBytesMax: number;
    readonly uriWithMemory?: UriWithMemory;
  },
  handler: HandlerModule<KernelInit, M, R>,
): Promise<KernelHost<M, R>> {
  const modules = await compileKernels(o.simd);
  const memory = new DeviceMemory({ bytesMax: o.memoryBytesMax, uriWithMemory: o.uriWithMemory });
  const options = { handler, init: (): KernelInit => ({ modules, memory: memory.memory }) };
  const inline = new InlineWorkers(options);
  const workers = o.threads === 0 || nodeThreads() === undefined ? inline : new WorkerPool(o.threads, options);
  const close = async (): Promise<void> => {
    await Promise.all([inline.close(), workers.close()]);
  };
  return { simd: o.simd, memory, workers, inline, close };
}
