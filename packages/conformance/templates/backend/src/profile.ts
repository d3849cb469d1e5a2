/** What the machine can do, as data. Declare what is true: everything declared is tested, nothing else is asked of the machine. */
import { type DeviceProfile, parseDeviceProfile } from '@isinglass/sdk';

const plain: DeviceProfile = {
  profileVersion: '1.0',
  name: 'my-machine',
  vendor: 'unnamed',
  description: 'A machine that is being written.',
  features: [
    'border',
    'color-map',
    'conv',
    'dense',
    'diagonal',
    'real',
    'runtime-gain',
    'sparse',
    'state',
    'temperature',
  ],
  law: ['real'],
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
  field: { fractionBits: null, accumulatorBits: 'unlimited' },
  activation: { kind: 'exact' },
  pins: { kind: 'native' },
  init: ['random', 'given'],
  readout: { observables: ['spin-sum', 'state'], signs: false, trace: true, counterBits: 32, strideMin: 1 },
  batch: { imagesMax: 'unlimited', chainsMax: 'unlimited', rowsMax: 'unlimited', inFlight: 1 },
  residency: { blocks: 'all', reloadNs: null },
  cancel: { latencyMs: 100 },
  determinism: 'stable',
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

/** Checked and deeply frozen. */
export const profile: DeviceProfile = parseDeviceProfile(plain);
