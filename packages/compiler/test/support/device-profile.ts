import { type DeviceProfile, features } from '@isinglass/sdk';

/** A device that takes everything but weights of more than `bits` bits (null: its vendor does not say). */
export function profileWithWeightBits(bits: number | null): DeviceProfile {
  return {
    profileVersion: '1.0',
    name: 'narrow',
    vendor: 'the tests',
    description: 'limited in the width of its weights',
    features,
    law: ['fixed', 'real'],
    dynamics: { kind: 'chromatic-gibbs', colorsMax: 'unlimited', betaRange: { min: 0, max: 100 } },
    spins: { max: 'unlimited', perTileMax: 'unlimited' },
    couplings: {
      forms: ['conv', 'dense', 'sparse', 'diagonal'],
      max: 'unlimited',
      degreeMax: { limit: 'unlimited', count: 'all' },
      topology: { kind: 'any' },
    },
    weights: { bits, levels: null, scalePer: 'coupling', range: { min: -1e6, max: 1e6 } },
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
    batch: { imagesMax: 'unlimited', chainsMax: 'unlimited', rowsMax: 'unlimited', inFlight: 1 },
    residency: { blocks: 'all', reloadNs: null },
    cancel: { latencyMs: 10 },
    determinism: 'exact',
    tolerances: { updateProbability: null, betaRelative: null, fieldAbsolute: null },
    timing: { clockHz: null, sweepNs: null, updateNs: null },
    io: { linkBytesPerSecond: null, latencyNs: null },
    energy: { joulesPerUpdate: null, joulesPerSynapticOperation: null, joulesPerBitRead: null, staticWatts: null },
    noise: { biasSigma: null, couplingSigma: null, betaSigmaRelative: null },
    evidence: [],
  };
}
