/**
 * The machine that this suite holds true: the fixed law of semantics 4 and 5 bit for bit, and the real law of clause 7, with every feature of
 * the contract, plain and slow. Independent of the sdk's law and of every backend; tested against the vectors of the Python oracle.
 */
import type { DeviceProfile } from '@isinglass/sdk';
import { MachineDriver } from './machine/machine-driver.ts';
import { machineProfile } from './machine/machine-profile.ts';
import { preparePlain } from './plain-sampler.ts';

export interface FixedMachineOptions {
  /** Default: `machineProfile()`, a machine without limits. */
  readonly profile?: DeviceProfile;
}

export class FixedMachine extends MachineDriver {
  constructor({ profile = machineProfile() }: FixedMachineOptions = {}) {
    super({ profile, prepare: preparePlain });
  }
}
