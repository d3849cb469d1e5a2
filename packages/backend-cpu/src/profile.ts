import type { DeviceProfile } from '@isinglass/sdk';
import { digitalMachineProfile } from '@isinglass/sdk/machine-driver';
import type { CpuOptions } from './device-options.ts';

/** What a user reads in a list of devices. */
export function cpuLabel({ simd, threads }: CpuOptions): string {
  if (simd === null) return 'this processor, one thread, scalar code only';
  return `this processor, ${threads === 1 ? 'one thread' : `${threads} threads`}, ${simd} SIMD`;
}

/** The CPU as a device: everything that the representation can say, bounded by memory alone. */
export function cpuProfile(options: CpuOptions): DeviceProfile {
  return digitalMachineProfile({
    name: 'cpu',
    vendor: 'Isinglass',
    description: `${machineOf(options)} The fixed law is exact; the real law is computed in float64 by scalar code and is stable, not exact.`,
    accumulatorBits: 53,
    rowsMax: options.rowsMax,
    // One at work, and the next one already waiting, so that it starts without asking the caller.
    inFlight: 2,
    cancelMs: 10,
  });
}

function machineOf({ simd, threads }: CpuOptions): string {
  if (simd === null) return 'Scalar machine in one thread.';
  return `WebAssembly kernels, ${simd} SIMD, in ${threads} ${threads === 1 ? 'thread' : 'threads'}.`;
}
