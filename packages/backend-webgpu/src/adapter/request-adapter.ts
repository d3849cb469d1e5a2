/** Chooses a GPU among those that the WebGPU implementation offers. */
import { adapterName } from './adapter-name.ts';
import { requestGpu, type Unavailable } from './gpu.ts';

export interface AdapterOptions {
  /** Which of several GPUs; default: the one that the implementation takes first. */
  readonly powerPreference?: GPUPowerPreference;
  /** A part of `adapterName`, in any case; default: whatever there is. */
  readonly name?: string;
}

/** An adapter that no device has been made of yet (each makes one), or the reason why there is none. */
export async function requestAdapter(options: AdapterOptions = {}): Promise<GPUAdapter | Unavailable> {
  const gpu = await requestGpu();
  return 'unavailable' in gpu ? gpu : adapterOf(gpu, options);
}

/** The same from a given entry of the API. */
export async function adapterOf(gpu: GPU, options: AdapterOptions): Promise<GPUAdapter | Unavailable> {
  const { name = '' } = options;
  const wanted = name.toLowerCase();
  const seen = new Set<string>();
  for (const request of requests(options)) {
    const adapter = await gpu.requestAdapter(request);
    if (adapter === null) continue;
    if (adapterName(adapter).toLowerCase().includes(wanted)) return adapter;
    seen.add(adapterName(adapter));
  }
  if (seen.size === 0) return { unavailable: whyNone() };
  return { unavailable: `no GPU here has ${JSON.stringify(name)} in its name; there are: ${[...seen].join(', ')}` };
}

/** WebGPU lists no adapters: a name is looked for among those that its ways of asking can give. */
function requests({ powerPreference, name }: AdapterOptions): readonly GPURequestAdapterOptions[] {
  const first = powerPreference === undefined ? {} : { powerPreference };
  if (name === undefined) return [first];
  return [
    first,
    { powerPreference: 'high-performance' },
    { powerPreference: 'low-power' },
    { forceFallbackAdapter: true },
  ];
}

function whyNone(): string {
  switch (globalThis.process?.platform) {
    case undefined:
      return 'this browser offers no GPU to the page; its page about graphics (chrome://gpu, about:support) says why';
    case 'linux':
      return 'no GPU: Vulkan finds no driver that it can use; install the driver of the GPU and the loader (Debian: libvulkan1)';
    default:
      return 'no GPU: the system offers none that WebGPU can use; install the driver of the GPU';
  }
}
