/** From a URI to an open GPU. */
import { BackendError, type Driver, type OpenOptions, UnsupportedError } from '@isinglass/sdk';
import { MachineDriver } from '@isinglass/sdk/machine-driver';
import { adapterName } from './adapter/adapter-name.ts';
import { requestGpu } from './adapter/gpu.ts';
import { requestAdapter } from './adapter/request-adapter.ts';
import { parseWebgpuUri, type WebgpuOptions } from './device-options.ts';
import { gpuContext } from './gpu/gpu-context.ts';
import { WebgpuMachines } from './machine/webgpu-machines.ts';
import { webgpuProfile } from './profile.ts';

/** The instruction that `products=packed` needs, as WGSL names it. */
const packedProducts = 'packed_4x8_integer_dot_product';

/**
 * Throws InvalidRequestError for the URI, UnsupportedError for products that the implementation lacks, BackendError where there is no such GPU.
 * Each open device has a GPU device of its own.
 */
export async function openWebgpu(uri: string, { logger, signal }: OpenOptions): Promise<Driver> {
  signal?.throwIfAborted();
  const options = parseWebgpuUri(uri);
  const adapter = await requestAdapter(adapterOptions(options));
  if ('unavailable' in adapter) throw new BackendError(`${uri}: ${adapter.unavailable}`);
  const packed = await choosePacked(uri, options);
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    label: 'isinglass',
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    },
  });
  const gpu = gpuContext({ device, workgroupSize: options.workgroup, packed });
  if (signal?.aborted === true) {
    gpu.close();
    signal.throwIfAborted();
  }
  const { memoryBytesMax, rowsMax, fuse } = options;
  const machines = new WebgpuMachines(gpu, { memoryBytesMax, rowsMax, fuse, uri: 'webgpu' });
  const profile = webgpuProfile(adapterName(adapter), options);
  return new MachineDriver({ profile, machines, logger });
}

/** What `requestAdapter` is asked for. */
export function adapterOptions({ adapter, power }: WebgpuOptions): Parameters<typeof requestAdapter>[0] {
  return {
    ...(power === undefined ? {} : { powerPreference: power }),
    ...(adapter === undefined ? {} : { name: adapter }),
  };
}

async function choosePacked(uri: string, { products }: WebgpuOptions): Promise<boolean> {
  if (products === 'planes') return false;
  const gpu = await requestGpu();
  const has = !('unavailable' in gpu) && gpu.wgslLanguageFeatures.has(packedProducts);
  if (products === 'packed' && !has) {
    throw new UnsupportedError(
      'products=packed',
      `${uri}: this implementation of WebGPU has no ${packedProducts}; leave the option out, or take products=planes`,
      { where: 'uri' },
    );
  }
  return has;
}
