/** An open GPU with what every program on it shares. */
import { DeviceLostError } from '@isinglass/sdk';
import { GpuMemory } from './gpu-memory.ts';
import { Pipelines } from './pipelines.ts';

export interface GpuContext {
  readonly device: GPUDevice;
  readonly pipelines: Pipelines;
  readonly memory: GpuMemory;
  /** Whether kernels multiply four int8 at once. */
  readonly packed: boolean;
  /** Aborted with a DeviceLostError when the GPU dies, or refuses what it was asked to do. */
  readonly lost: AbortSignal;
  /** Gives the GPU back; not a loss. Idempotent. */
  close(): void;
}

export interface GpuContextOptions {
  readonly device: GPUDevice;
  readonly workgroupSize: number;
  readonly packed: boolean;
}

export function gpuContext({ device, workgroupSize, packed }: GpuContextOptions): GpuContext {
  const lost = new AbortController();
  let closed = false;
  const lose = (message: string): void => {
    if (!closed) lost.abort(new DeviceLostError(message));
  };
  device.lost.then(({ message }) => lose(`the GPU was lost: ${message}`));
  // Commands are checked after the call: nothing that a run gives back could be trusted any more.
  device.addEventListener('uncapturederror', (event) => {
    lose(`the GPU refused a command: ${(event as GPUUncapturedErrorEvent).error.message}`);
  });
  return {
    device,
    pipelines: new Pipelines(device, { workgroupSize }),
    memory: new GpuMemory(device),
    packed,
    lost: lost.signal,
    close() {
      if (closed) return;
      closed = true;
      device.destroy();
    },
  };
}
