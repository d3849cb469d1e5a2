/** The `cpu` backend: this processor as an Ising machine. */
import { type Backend, contractVersion } from '@isinglass/sdk';
import { MachineDriver } from '@isinglass/sdk/machine-driver';
import { devices, parseCpuUri } from './device-options.ts';
import { openMachines } from './machines/open-machines.ts';
import { cpuLabel, cpuProfile } from './profile.ts';

const backend: Backend = {
  scheme: 'cpu',
  contract: contractVersion,
  async enumerate(o) {
    o?.signal?.throwIfAborted();
    return devices.map((uri) => {
      const options = parseCpuUri(uri);
      return { uri, label: cpuLabel(options), available: true, profile: cpuProfile(options) };
    });
  },
  async open(uri, o) {
    o.signal?.throwIfAborted();
    const options = parseCpuUri(uri);
    const machines = await openMachines(options);
    const driver = new MachineDriver({ profile: cpuProfile(options), machines, logger: o.logger });
    if (o.signal?.aborted === true) {
      await driver.close();
      o.signal.throwIfAborted();
    }
    return driver;
  },
};

export default backend;
