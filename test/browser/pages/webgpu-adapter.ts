/** The GPU that a page is given. */
import { adapterName, isSoftware } from '../../../packages/backend-webgpu/src/adapter/adapter-name.ts';
import { requestAdapter } from '../../../packages/backend-webgpu/src/adapter/request-adapter.ts';

/** Its name and kind, and a word that a device of it was given and gave back; or why there is none. */
export async function adapterOfPage() {
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

/** The answer when no GPU has this name. */
export const adapterNamed = async (name: string) => requestAdapter({ name });
