import { type DeviceProfile, features } from '@isinglass/sdk';
import type { CpuOptions } from './device-options.ts';

/** What a user reads in a list of devices. */
export function cpuLabel({ simd, threads }: CpuOptions): string {
  if (simd === null) return 'this processor, one thread, scalar code only';
  return `this processor, ${threads === 1 ? 'one thread' : `${threads} threads`}, ${simd} SIMD`;
}

/** The CPU as a device: everything that the representation can say, bounded by memory alone. */
export function cpuProfile(options: CpuOptions): DeviceProfile {
  const { rowsMax } = options;
  return deepFreeze<DeviceProfile>({
    profileVersion: '1.0',
    name: 'cpu',
    vendor: 'Isinglass',
    description: `${machineOf(options)} The fixed law is exact; the real law is computed in float64 by scalar code and is stable, not exact.`,
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
    field: { fractionBits: { min: 4, max: 12 }, accumulatorBits: 53 },
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
      // One at work, and the next one already waiting, so that it starts without asking the caller.
      inFlight: 2,
    },
    residency: { blocks: 'all', reloadNs: null },
    cancel: { latencyMs: 10 },
    determinism: 'exact',
    tolerances: { updateProbability: null, betaRelative: null, fieldAbsolute: null },
    timing: { clockHz: null, sweepNs: null, updateNs: null },
    io: { linkBytesPerSecond: null, latencyNs: null },
    energy: { joulesPerUpdate: null, joulesPerSynapticOperation: null, joulesPerBitRead: null, staticWatts: null },
    noise: { biasSigma: null, couplingSigma: null, betaSigmaRelative: null },
    evidence: [],
  });
}

function machineOf({ simd, threads }: CpuOptions): string {
  if (simd === null) return 'Scalar machine in one thread.';
  return `WebAssembly kernels, ${simd} SIMD, in ${threads} ${threads === 1 ? 'thread' : 'threads'}.`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
