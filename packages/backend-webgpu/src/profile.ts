import type { DeviceProfile } from '@isinglass/sdk';
import { digitalMachineProfile } from '@isinglass/sdk/machine-driver';
import { adapterName, isSoftware } from './adapter/adapter-name.ts';
import type { WebgpuOptions } from './device-options.ts';

/** Said wherever figures might be taken for those of a GPU. */
const software = 'The processor computes in place of a GPU: its speed says nothing about GPUs. ';

/** A GPU as a device: everything that the representation can say, bounded by memory and the sizes of buffers. */
export function webgpuProfile(adapter: GPUAdapter, { rowsMax }: Pick<WebgpuOptions, 'rowsMax'>): DeviceProfile {
  return digitalMachineProfile({
    name: 'webgpu',
    vendor: 'Isinglass',
    description: `WGSL kernels on ${adapterName(adapter)}. ${isSoftware(adapter) ? software : ''}The fixed law is exact; the real law is computed in f32 and is stable, not exact.`,
    accumulatorBits: 32,
    rowsMax,
    // One at work, and one waiting for it.
    inFlight: 2,
    // Two submits of some 12 ms each are on their way; the first ones of a run are guesses.
    cancelMs: 100,
  });
}
