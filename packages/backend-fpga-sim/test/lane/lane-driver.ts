/** The driver of all engines on a lane engine, emulated or any other machine behind the same bus. */
import { type Driver, silentLogger } from '@isinglass/sdk';
import { digitalMachineProfile, MachineDriver } from '@isinglass/sdk/machine-driver';
import { EngineMachines } from '../../src/driver/engine-machines.ts';
import type { Hardware } from '../../src/host/hardware.ts';
import { laneEngine } from '../../src/lane/lane-engine.ts';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';

const rowsMax = 64;

const profile = digitalMachineProfile({
  name: 'lanes under test',
  vendor: 'test',
  description: 'A lane engine.',
  accumulatorBits: 32,
  rowsMax,
  inFlight: 1,
  cancelMs: 100,
});

export function laneDriver(p: LaneParameters, machine?: Hardware): Driver {
  const engine = laneEngine(p);
  const build = (): Hardware => machine ?? engine.build();
  const link = { readNs: () => 0, writeNs: () => 0 };
  const machines = new EngineMachines({ engine: { ...engine, build }, link, clockHz: p.clockHz, rowsMax });
  return new MachineDriver({ profile, machines, logger: silentLogger });
}
