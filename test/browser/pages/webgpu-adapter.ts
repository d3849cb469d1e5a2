/** The GPU that a page is given. */
import { adapterName, isSoftware } from '../../../packages/backend-webgpu/src/adapter/adapter-name.ts';
import type { Unavailable } from '../../../packages/backend-webgpu/src/adapter/gpu.ts';
import { requestAdapter } from '../../../packages/backend-webgpu/src/adapter/request-adapter.ts';

/** What a page finds out about its GPU. */
export interface FoundAdapter {
  readonly name: string;
  readonly software: boolean;
  /** 42, which a device was given and gave back. */
  readonly word: number | undefined;
}

/** Or why there is none. */
export async function adapterOfPage(): Promise<FoundAdapter | Unavailable> {
  const adapter = await requestAdapter();
  if ('unavailable' in adapter) return adapter;
  const device = await adapter.requestDevice();
  const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ, mappedAtCreation: true });
  new Uint32Array(buffer.getMappedRange())[0] = 42;
  buffer.unmap();
  await buffer.mapAsync(GPUMapMode.READ);
  const [word] = new Uint32Array(buffer.getMappedRange());
  device.destroy();
  return { name: adapterName(adapter), software: isSoftware(adapter), word };
}

/** Why no GPU has this name; undefined: one has. */
export async function whyNoneNamed(name: string): Promise<string | undefined> {
  const adapter = await requestAdapter({ name });
  return 'unavailable' in adapter ? adapter.unavailable : undefined;
}
