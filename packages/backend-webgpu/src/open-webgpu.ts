/** From a URI to an open GPU. */
import { BackendError, type Driver, type Logger, type OpenOptions, UnsupportedError } from '@isinglass/sdk';
import { MachineDriver } from '@isinglass/sdk/machine-driver';
import { requestGpu } from './adapter/gpu.ts';
import { requestAdapter } from './adapter/request-adapter.ts';
import { parseWebgpuUri, type WebgpuOptions } from './device-options.ts';
import { type GpuContext, gpuContext } from './gpu/gpu-context.ts';
import type { PieceSizes } from './gpu/piece-sizes.ts';
import { WebgpuMachines } from './machine/webgpu-machines.ts';
import { webgpuProfile } from './profile.ts';

/** The instruction that `products=packed` needs, as WGSL names it. */
const packedProducts = 'packed_4x8_integer_dot_product';

/** An open GPU. */
export interface OpenGpu {
  readonly gpu: GpuContext;
  readonly adapter: GPUAdapter;
  readonly options: WebgpuOptions;
}

/**
 * Throws InvalidRequestError for the URI, UnsupportedError for products that the implementation lacks, BackendError where there is no such GPU.
 * Each open device has a GPU device of its own.
 */
export async function openWebgpu(uri: string, { logger, signal }: OpenOptions): Promise<Driver> {
  return webgpuDriver(await openGpu(uri, { signal }), logger);
}

/** Throws as `openWebgpu` does. */
export async function openGpu(
  uri: string,
  { signal, pieces }: { readonly signal?: AbortSignal | undefined; readonly pieces?: Partial<PieceSizes> } = {},
): Promise<OpenGpu> {
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
  const gpu = gpuContext({ device, workgroupSize: options.workgroup, packed, pieces });
  if (signal?.aborted === true) {
    gpu.close();
    signal.throwIfAborted();
  }
  return { gpu, adapter, options };
}

/** Closes the GPU when it is closed. */
export function webgpuDriver({ gpu, adapter, options }: OpenGpu, logger: Logger): Driver {
  const { memoryBytesMax, rowsMax, fuse } = options;
  const machines = new WebgpuMachines(gpu, { memoryBytesMax, rowsMax, fuse, uri: 'webgpu' });
  return new MachineDriver({ profile: webgpuProfile(adapter, options), machines, logger });
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
