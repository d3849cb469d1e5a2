/** The `fpga-sim` backend: emulated p-bit machines, each named set of parameters a device, and published machines as envelopes. */
import {
  type Backend,
  contractVersion,
  type DeviceInfo,
  type Driver,
  InvalidRequestError,
  type Logger,
} from '@isinglass/sdk';
import { MachineDriver } from '@isinglass/sdk/machine-driver';
import { compiledKernels } from './conv/kernel-sums/compiled-kernels.ts';
import { EngineMachines } from './driver/engine-machines.ts';
import { engineOf } from './driver/engine-of.ts';
import { allEnvelopes, envelopeOf, envelopeUri } from './envelopes/all-envelopes.ts';
import { AnalogMachines } from './envelopes/analog/analog-machines.ts';
import type { Envelope } from './envelopes/envelope.ts';
import { whyNotRun } from './envelopes/why-not-run.ts';
import { machineProfile } from './parameters/machine-profile.ts';
import { isMachineUri, machineUri, parseMachineUri } from './parameters/machine-uri.ts';
import { namedSets, type SetName, setNames } from './parameters/named-sets.ts';
import { linkTime } from './timing/link-time.ts';

/** What the host keeps of the rows of one run is in its own memory: beyond so many the sdk splits. */
const rowsMax = 1024;

/** A sweep of the largest block on the slowest engine, and what is done before an emulator looks up. */
const cancelMs = 250;

/** Analog machines err in the same way whenever they are programmed: a device that is opened again is the same one. */
const programmingSeed = 1n;

const backend: Backend = {
  scheme: 'fpga-sim',
  contract: contractVersion,
  async enumerate(o) {
    o?.signal?.throwIfAborted();
    return [...setNames.map(emulatedDevice), ...allEnvelopes.map(envelopeDevice)];
  },
  async open(uri, { logger, signal }) {
    signal?.throwIfAborted();
    const envelope = envelopeOf(uri);
    if (envelope !== undefined) return openEnvelope(envelope, logger);
    if (isMachineUri(uri)) return openMachine(uri, logger);
    const devices = [...setNames.map(machineUri), ...allEnvelopes.map(envelopeUri)];
    throw new InvalidRequestError(
      `no device ${JSON.stringify(uri.split('?', 1)[0])}; there are ${devices.join(', ')}`,
      {
        where: 'uri',
      },
    );
  },
};

function emulatedDevice(set: SetName): DeviceInfo {
  const uri = machineUri(set);
  const profile = machineProfile(parseMachineUri(uri), { rowsMax, cancelMs });
  return { uri, label: namedSets[set].text, available: true, profile };
}

/** The label of a profile says that it is an envelope; so does the reason of one that cannot run. */
function envelopeDevice(envelope: Envelope): DeviceInfo {
  const uri = envelopeUri(envelope);
  const { profile } = envelope;
  const reason = whyNotRun(envelope);
  if (reason === null) return { uri, label: profile.description, available: true, profile };
  return { uri, label: profile.description, available: false, reason: reason.message };
}

async function openMachine(uri: string, logger: Logger): Promise<Driver> {
  const machine = parseMachineUri(uri);
  const { parameters } = machine;
  const machines = new EngineMachines({
    engine: engineOf(parameters, parameters.engine === 'conv' ? await compiledKernels() : null),
    link: linkTime(parameters.link),
    clockHz: parameters.clockHz,
    rowsMax,
  });
  return new MachineDriver({ profile: machineProfile(machine, { rowsMax, cancelMs }), machines, logger });
}

function openEnvelope(envelope: Envelope, logger: Logger): Driver {
  const reason = whyNotRun(envelope);
  if (reason !== null) throw reason;
  const machines = new AnalogMachines(envelope, { seed: programmingSeed });
  return new MachineDriver({ profile: envelope.profile, machines, logger });
}

export default backend;
