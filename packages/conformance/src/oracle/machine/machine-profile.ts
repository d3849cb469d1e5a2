/** What the machines of the suite say that they are. */
import { type DeviceProfile, features, parseDeviceProfile } from '@isinglass/sdk';

/** A machine without limits that does everything and is exact; members given replace its own. Deeply frozen. */
export function machineProfile(changes: Partial<DeviceProfile> = {}): DeviceProfile {
  const everything: DeviceProfile = {
    profileVersion: '1.0',
    name: 'conformance-machine',
    vendor: 'Isinglass',
    description: 'The machine of the conformance suite: every feature, no limits, no speed.',
    features,
    law: ['fixed', 'real'],
    dynamics: { kind: 'chromatic-gibbs', colorsMax: 'unlimited', betaRange: { min: 0, max: 1000 } },
    spins: { max: 'unlimited', perTileMax: 'unlimited' },
    couplings: {
      forms: ['conv', 'dense', 'sparse', 'diagonal'],
      max: 'unlimited',
      degreeMax: { limit: 'unlimited', count: 'all' },
      topology: { kind: 'any' },
    },
    weights: { bits: 8, levels: null, scalePer: 'coupling', range: { min: -1e6, max: 1e6 } },
    bias: { bits: 'unlimited', granularity: 'spin', range: { min: -1e6, max: 1e6 } },
    field: { fractionBits: { min: 4, max: 12 }, accumulatorBits: 32 },
    activation: { kind: 'exact' },
    pins: { kind: 'native' },
    init: ['random', 'feed-forward', 'given', 'resume'],
    readout: {
      observables: ['spin-sum', 'conditional-sum', 'state'],
      signs: true,
      trace: true,
      counterBits: 32,
      strideMin: 1,
    },
    batch: { imagesMax: 'unlimited', chainsMax: 'unlimited', rowsMax: 'unlimited', inFlight: 4 },
    residency: { blocks: 'all', reloadNs: null },
    cancel: { latencyMs: 1000 },
    determinism: 'exact',
    tolerances: { updateProbability: null, betaRelative: null, fieldAbsolute: null },
    timing: { clockHz: null, sweepNs: null, updateNs: null },
    io: { linkBytesPerSecond: null, latencyNs: null },
    energy: {
      joulesPerUpdate: null,
      joulesPerSynapticOperation: null,
      joulesPerBitRead: null,
      joulesPerBitWritten: null,
      joulesPerMemoryBit: null,
      staticWatts: null,
    },
    noise: { biasSigma: null, couplingSigma: null, betaSigmaRelative: null },
    evidence: [],
  };
  return parseDeviceProfile({ ...everything, ...changes });
}
