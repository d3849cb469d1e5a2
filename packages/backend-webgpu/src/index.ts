/** The `webgpu` backend: a GPU as an Ising machine, in pages and in Node. */
import { type Backend, contractVersion } from '@isinglass/sdk';
import { adapterName, isSoftware } from './adapter/adapter-name.ts';
import { requestAdapter } from './adapter/request-adapter.ts';
import { parseWebgpuUri } from './device-options.ts';
import { openWebgpu } from './open-webgpu.ts';
import { webgpuProfile } from './profile.ts';

const backend: Backend = {
  scheme: 'webgpu',
  contract: contractVersion,
  async enumerate(o) {
    o?.signal?.throwIfAborted();
    const uri = 'webgpu';
    const adapter = await requestAdapter();
    if ('unavailable' in adapter) return [{ uri, label: 'a GPU', available: false, reason: adapter.unavailable }];
    const name = adapterName(adapter);
    const label = isSoftware(adapter) ? `${name}: the processor in place of a GPU, slower than cpu` : name;
    return [{ uri, label, available: true, profile: webgpuProfile(adapter, parseWebgpuUri(uri)) }];
  },
  open: openWebgpu,
};

export default backend;
