import { deepFreeze } from '../profile/deep-freeze.ts';
import type { DeviceProfile } from '../profile/device-profile.ts';
import { features } from '../program/program-json.ts';

/** What differs between digital machines whose only limit is memory. */
export interface DigitalMachine {
  readonly name: string;
  readonly vendor: string;
  /** A sentence or two for a user who chooses a device. */
  readonly description: string;
  /** Bits of the sums of a field; what does not fit is refused at load. */
  readonly accumulatorBits: number;
  /** Rows (images times chains) of one run; `Number.POSITIVE_INFINITY`: as many as memory holds. */
  readonly rowsMax: number;
  /** Runs that the machine takes at once: those that wait count as well. */
  readonly inFlight: number;
  /** From the signal of a run to its end, ms. */
  readonly cancelMs: number;
}

/**
 * The profile, deep-frozen, of a machine that follows the fixed law to the bit on everything that a program can say: every feature, form, start and
 * readout of semantics, weights of 8 bits, 4 to 12 fraction bits, bounded by memory alone. It states no time, energy or noise.
 */
export function digitalMachineProfile(o: DigitalMachine): DeviceProfile {
  const anyNumber = { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
  return deepFreeze<DeviceProfile>({
    profileVersion: '1.0',
    name: o.name,
    vendor: o.vendor,
    description: o.description,
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
    weights: { bits: 8, levels: null, scalePer: 'coupling', range: { ...anyNumber } },
    bias: { bits: 'unlimited', granularity: 'spin', range: { ...anyNumber } },
    field: { fractionBits: { min: 4, max: 12 }, accumulatorBits: o.accumulatorBits },
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
      rowsMax: Number.isFinite(o.rowsMax) ? o.rowsMax : 'unlimited',
      inFlight: o.inFlight,
    },
    residency: { blocks: 'all', reloadNs: null },
    cancel: { latencyMs: o.cancelMs },
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
  });
}
