/** The `cpu` backend: an Ising machine in plain TypeScript. */
import { type Backend, contractVersion } from '@isinglass/sdk';
import { devices, parseCpuUri } from './device-options.ts';
import { CpuDriver } from './driver/cpu-driver.ts';
import { cpuProfile } from './profile.ts';

const backend: Backend = {
  scheme: 'cpu',
  contract: contractVersion,
  async enumerate(o) {
    o?.signal?.throwIfAborted();
    return devices.map((uri) => ({
      uri,
      label: uri === 'cpu' ? 'this processor, one thread' : 'this processor, one thread, scalar code only',
      available: true,
      profile: cpuProfile(parseCpuUri(uri)),
    }));
  },
  async open(uri, o) {
    o.signal?.throwIfAborted();
    return new CpuDriver(parseCpuUri(uri), o);
  },
};

export default backend;
