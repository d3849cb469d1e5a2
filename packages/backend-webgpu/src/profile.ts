import { type DeviceProfile, features } from '@isinglass/sdk';
import { adapterName, isSoftware } from './adapter/adapter-name.ts';
import type { WebgpuOptions } from './device-options.ts';

/** Said wherever figures might be taken for those of a GPU. */
const software = 'The processor computes in place of a GPU: its speed says nothing about GPUs. ';

/** One run at work and one waiting for it. */
const inFlightMax = 2;

/** A GPU as a device: everything that the representation can say, bounded by memory and the sizes of buffers. */
export function webgpuProfile(adapter: GPUAdapter, { rowsMax }: Pick<WebgpuOptions, 'rowsMax'>): DeviceProfile {
  return deepFreeze<DeviceProfile>({
    profileVersion: '1.0',
    name: 'webgpu',
    vendor: 'Isinglass',
    description: `WGSL kernels on ${adapterName(adapter)}. ${isSoftware(adapter) ? software : ''}The fixed law is exact; the real law is computed in f32 and is stable, not exact.`,
    features: [...features],
    law: ['fixed', 'real'],
    dynamics: { kind: 'chromatic-gibbs', colorsMax: 'unlimited', betaRange: { min: 0, max: Number.MAX_VALUE } },
    spins: { max: 'unlimited', perTileMax: 'unlimited' },
    couplings: {
      forms: ['conv', 'dense', 'sparse', 'diagonal'],
      max: 'unlimited',
      degreeMax: { limit: 'unlimited', count: 'all' },
      topology: { kind: 'any' },
    },
    weights: {
      bits: 8,
      levels: null,
      scalePer: 'coupling',
      range: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
    },
    bias: { bits: 'unlimited', granularity: 'spin', range: { min: -Number.MAX_VALUE, max: Number.MAX_VALUE } },
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
    batch: {
      imagesMax: 'unlimited',
      chainsMax: 'unlimited',
      rowsMax: Number.isFinite(rowsMax) ? rowsMax : 'unlimited',
      inFlight: inFlightMax,
    },
    residency: { blocks: 'all', reloadNs: null },
    // Two submits of some 12 ms each are on their way; the first ones of a run are guesses.
    cancel: { latencyMs: 100 },
    determinism: 'exact',
    tolerances: { updateProbability: null, betaRelative: null, fieldAbsolute: null },
    timing: { clockHz: null, sweepNs: null, updateNs: null },
    io: { linkBytesPerSecond: null, latencyNs: null },
    energy: { joulesPerUpdate: null, joulesPerSynapticOperation: null, joulesPerBitRead: null, staticWatts: null },
    noise: { biasSigma: null, couplingSigma: null, betaSigmaRelative: null },
    evidence: [],
  });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
