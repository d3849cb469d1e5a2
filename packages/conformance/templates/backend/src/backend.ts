/** The `my-machine` backend: what `--device my-machine` finds. */
import { type Backend, contractVersion } from '@isinglass/sdk';
import { MachineDriver } from './driver.ts';
import { profile } from './profile.ts';

const backend: Backend = {
  scheme: 'my-machine',
  contract: contractVersion,
  // Cheap: whether the machine is here, not whether it works. An absent one is listed with `available: false` and a reason.
  async enumerate(o) {
    o?.signal?.throwIfAborted();
    return [{ uri: 'my-machine', label: 'my-machine', available: true, profile }];
  },
  async open(_uri, { signal }) {
    signal?.throwIfAborted();
    return new MachineDriver();
  },
};

export default backend;
