/** The devices that this page can have, the fastest kind first. */
import cpu from '@isinglass/backend-cpu';
import { type Backend, type ListedDevice, listDevices, whyNotBackend } from '@isinglass/sdk';

export interface DeviceChoice {
  /** For `openDevice`. */
  readonly backends: readonly Backend[];
  /** Those that cannot be opened say why. */
  readonly devices: readonly ListedDevice[];
}

/** What there is: `webgpu` if the browser offers a GPU, and `cpu` in any case. */
export async function findDevices(): Promise<DeviceChoice> {
  const webgpu = await webgpuBackend();
  const backends = 'unavailable' in webgpu ? [cpu] : [webgpu, cpu];
  const listed = await listDevices({ backends });
  if (!('unavailable' in webgpu)) return { backends, devices: listed };
  const absent = { scheme: 'webgpu', uri: 'webgpu', label: 'webgpu', available: false } as const;
  return { backends, devices: [{ ...absent, reason: webgpu.unavailable }, ...listed] };
}

/** Loaded on its own, so that a page that cannot have it works without it. */
async function webgpuBackend(): Promise<Backend | { readonly unavailable: string }> {
  try {
    const module: { readonly default?: unknown } = await import('@isinglass/backend-webgpu');
    const reason = whyNotBackend(module.default);
    return reason === null ? (module.default as Backend) : { unavailable: `the package has no backend: ${reason}` };
  } catch (e) {
    return { unavailable: e instanceof Error ? e.message : String(e) };
  }
}
