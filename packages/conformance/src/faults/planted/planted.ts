/** How rows of the catalogue of faults become devices. */
import type { DeviceProfile } from '@isinglass/sdk';
import { machineProfile } from '../../oracle/machine/machine-profile.ts';
import { FaultyMachine } from '../faulty-machine.ts';
import type { PlantedFault } from '../planted-fault.ts';
import type { SamplerFault } from '../sampler-fault.ts';
import { type Spoiler, spoiledDriver } from '../spoiled-driver.ts';

/** Faults inside the update, or what a wrapper rewrites. */
export type Making = readonly SamplerFault[] | ((profile: DeviceProfile) => Spoiler);

export interface FaultRow extends Omit<PlantedFault, 'how' | 'create' | 'twin'> {
  readonly make: Making;
  readonly twin?: { readonly effect: string; readonly make: Making };
  /** What the device inside declares. Default: `samplerProfile`. */
  readonly profile?: DeviceProfile;
}

/** A device under the fixed law with every feature of it, of a size that its slow machine can be asked to fill. */
export const samplerProfile: DeviceProfile = machineProfile({
  name: 'faulty-machine',
  law: ['fixed'],
  spins: { max: 4096, perTileMax: 'unlimited' },
  features: machineProfile().features.filter((feature) => feature !== 'real'),
});

/** A device under the real law that declares tolerances: what holds of a joint law follows from what holds of updates. */
export const tolerantProfile: DeviceProfile = machineProfile({
  name: 'faulty-analog-machine',
  law: ['real'],
  determinism: 'statistical',
  spins: { max: 4096, perTileMax: 'unlimited' },
  features: machineProfile().features.filter((feature) => feature !== 'fixed'),
  tolerances: { updateProbability: 0.02, betaRelative: 0.05, fieldAbsolute: 0.02 },
});

export function planted({ make, twin, profile = samplerProfile, ...row }: FaultRow): PlantedFault {
  return {
    ...row,
    how: typeof make === 'function' ? 'decorator' : 'sampler',
    create: () => machineWith(make, profile),
    ...(twin === undefined ? {} : { twin: { effect: twin.effect, create: () => machineWith(twin.make, profile) } }),
  };
}

/** The machine that faults are planted in, without any. */
export const healthyMachine = (profile: DeviceProfile = samplerProfile): FaultyMachine => machineOf(profile, []);

function machineWith(make: Making, profile: DeviceProfile): ReturnType<PlantedFault['create']> {
  if (typeof make !== 'function') return machineOf(profile, make);
  return spoiledDriver(machineOf(profile, []), make(profile));
}

const machineOf = (profile: DeviceProfile, faults: readonly SamplerFault[]): FaultyMachine =>
  new FaultyMachine({ profile, faults });
