/** An open GPU with what every program on it shares. */
import { DeviceLostError } from '@isinglass/sdk';
import { GpuMemory } from './gpu-memory.ts';
import { type PieceSizes, pieceSizes } from './piece-sizes.ts';
import { Pipelines } from './pipelines.ts';

export interface GpuContext {
  readonly device: GPUDevice;
  readonly pipelines: Pipelines;
  readonly memory: GpuMemory;
  readonly pieces: PieceSizes;
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
  /** Default: those of the device. */
  readonly pieces?: Partial<PieceSizes> | undefined;
}

export function gpuContext({ device, workgroupSize, packed, pieces }: GpuContextOptions): GpuContext {
  const lost = new AbortController();
  let closed = false;
  const lose = (message: string): void => {
    if (!closed) lost.abort(new DeviceLostError(message));
  };
  device.lost.then(({ message }) => lose(`the GPU was lost: ${message}`));
  // Commands are checked after the call: nothing that a run gives back could be trusted any more.
  device.addEventListener('uncapturederror', (event) => {
    // Not on the console as well.
    event.preventDefault();
    lose(`the GPU refused a command: ${(event as GPUUncapturedErrorEvent).error.message}`);
  });
  return {
    device,
    pipelines: new Pipelines(device, { workgroupSize }),
    memory: new GpuMemory(device),
    pieces: { ...pieceSizes(device), ...pieces },
    packed,
    lost: lost.signal,
    close() {
      if (closed) return;
      closed = true;
      device.destroy();
    },
  };
}
