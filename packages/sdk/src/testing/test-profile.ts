/** A device profile that can do everything, and variations of it: for the tests of backends, sessions and passes. */
import type { DeviceProfile } from '../profile/device-profile.ts';
import { features } from '../program/program-json.ts';

const everything: DeviceProfile = {
  profileVersion: '1.0',
  name: 'boundless',
  vendor: 'the tests',
  description: 'a machine without limits, for tests',
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
  batch: { imagesMax: 'unlimited', chainsMax: 'unlimited', rowsMax: 'unlimited', inFlight: 2 },
  residency: { blocks: 'all', reloadNs: null },
  cancel: { latencyMs: 10 },
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

/** Members that are replaced; members of a group are replaced one by one. */
export type ProfileChanges = { readonly [K in keyof DeviceProfile]?: Partial<DeviceProfile[K]> | DeviceProfile[K] };

/** The profile of a machine without limits, with these changes. Not frozen: `parseDeviceProfile` freezes. */
export function testProfile(changes: ProfileChanges = {}): DeviceProfile {
  const merged: Record<string, unknown> = { ...everything };
  for (const [key, change] of Object.entries(changes)) {
    const before = merged[key];
    const group = typeof change === 'object' && !Array.isArray(change) && !('kind' in change);
    merged[key] = group ? { ...(before as object), ...change } : change;
  }
  return merged as unknown as DeviceProfile;
}
