/** The feed-forward evaluation as a device: takes every program, sums nothing but signs. */
import { type DeviceProfile, features } from '@isinglass/sdk';

const anyNumber = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE } as const;

export const feedForwardProfile: DeviceProfile = {
  profileVersion: '1.0',
  name: 'feed-forward',
  vendor: 'Isinglass',
  description: 'Evaluates programs without sampling',
  features,
  law: ['fixed', 'real'],
  dynamics: { kind: 'chromatic-gibbs', colorsMax: 'unlimited', betaRange: anyNumber },
  spins: { max: 'unlimited', perTileMax: 'unlimited' },
  couplings: {
    forms: ['conv', 'dense', 'sparse', 'diagonal'],
    max: 'unlimited',
    degreeMax: { limit: 'unlimited', count: 'all' },
    topology: { kind: 'any' },
  },
  weights: { bits: 'unlimited', levels: null, scalePer: 'coupling', range: anyNumber },
  bias: { bits: 'unlimited', granularity: 'spin', range: anyNumber },
  field: { fractionBits: { min: 4, max: 12 }, accumulatorBits: 'unlimited' },
  activation: { kind: 'exact' },
  pins: { kind: 'native' },
  init: ['random', 'feed-forward', 'given', 'resume'],
  readout: {
    observables: ['spin-sum', 'conditional-sum'],
    signs: true,
    trace: false,
    counterBits: 32,
    strideMin: 1,
  },
  batch: { imagesMax: 'unlimited', chainsMax: 'unlimited', rowsMax: 'unlimited', inFlight: 1 },
  residency: { blocks: 'all', reloadNs: 0 },
  cancel: { latencyMs: null },
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
