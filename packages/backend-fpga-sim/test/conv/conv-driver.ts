/** The driver of all engines on a convolution engine, emulated or any other machine behind the same bus. */
import { type Driver, silentLogger } from '@isinglass/sdk';
import { digitalMachineProfile, MachineDriver } from '@isinglass/sdk/machine-driver';
import { convEngine } from '../../src/conv/conv-engine.ts';
import { EngineMachines } from '../../src/driver/engine-machines.ts';
import type { Hardware } from '../../src/host/hardware.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';

const rowsMax = 64;

const profile = digitalMachineProfile({
  name: 'an array under test',
  vendor: 'test',
  description: 'A convolution engine.',
  accumulatorBits: 32,
  rowsMax,
  inFlight: 1,
  cancelMs: 100,
});

export function convDriver(p: ConvParameters, machine?: Hardware): Driver {
  const engine = convEngine(p);
  const build = (): Hardware => machine ?? engine.build();
  const link = { readNs: () => 0, writeNs: () => 0 };
  const machines = new EngineMachines({ engine: { ...engine, build }, link, clockHz: p.clockHz, rowsMax });
  return new MachineDriver({ profile, machines, logger: silentLogger });
}
