/**
 * Chapters about the device as such, on devices that are right and declare little: what a check asks for is within the profile (profileKeeper throws
 * otherwise), and the verdict is a pass, or says why not. Seeds are fixed; a false failure has probability below 10⁻⁵ a case.
 */
import type { DeviceProfile } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { profileKeeper } from '../exactness/profile-keeper.ts';
import { FaultyMachine } from '../faults/faulty-machine.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { caseVerdict } from './case-verdict.ts';
import { deviceChapterChecks } from './fixtures/device-chapter-checks.ts';
import { narrowDevices } from './fixtures/narrow-devices.ts';

const { readout, features, couplings, weights } = machineProfile();

interface Narrow {
  readonly changes: Partial<DeviceProfile>;
  readonly unsupported: readonly string[];
  readonly inconclusive?: readonly string[];
}

const ordered = ['cap.sites', 'load.relabel', 'pin.conditional', 'out.window', 'out.align', 'conc.clean'] as const;

const profiles: Readonly<Record<string, Narrow>> = {
  'sums alone': {
    changes: narrowDevices['sums alone'],
    unsupported: [
      'out.align',
      'out.sign',
      'out.tie',
      'out.conditional',
      'out.conditional-law',
      'out.trace-bits',
      'out.trace-law',
      'conc.parallel',
    ],
  },
  'states, a stride of 4, given starts alone': {
    changes: narrowDevices['states, a stride of 4, given starts alone'],
    unsupported: ['out.parity', 'out.tie', 'out.conditional', 'out.conditional-law', 'out.trace-bits', 'out.trace-law'],
  },
  'one row, feed-forward starts': {
    changes: narrowDevices['one row, feed-forward starts'],
    unsupported: ['out.align'],
    inconclusive: [
      'load.relabel',
      'pin.conditional',
      'out.window',
      'out.conditional-law',
      'out.trace-law',
      'conc.clean',
    ],
  },
  'twelve spins': { changes: narrowDevices['twelve spins'], unsupported: [] },
  tolerances: {
    changes: narrowDevices.tolerances,
    unsupported: ['out.window', 'out.align', 'out.conditional', 'out.conditional-law', 'out.trace-bits', 'conc.clean'],
  },
  'conditional sums alone': {
    changes: { readout: { ...readout, observables: ['conditional-sum'], trace: false }, init: ['random'] },
    unsupported: [
      ...ordered,
      'cap.tolerance',
      'pin.hold',
      'pin.transfer',
      'out.parity',
      'out.tie',
      'out.agree',
      'out.trace-bits',
      'out.trace-law',
    ],
  },
  'traces, repeatable': {
    changes: {
      readout: { ...readout, observables: ['conditional-sum'], signs: false },
      determinism: 'repeatable',
    },
    unsupported: ['out.parity', 'out.sign', 'out.tie'],
  },
  'weak fields, one bit of weights, few couplings': {
    changes: {
      law: ['fixed'],
      weights: { ...weights, bits: 2, range: { min: -4, max: 4 } },
      bias: { bits: 12, granularity: 'channel', range: { min: -4, max: 4 } },
      couplings: { ...couplings, forms: ['dense'], degreeMax: { limit: 6, count: 'all' }, max: 200 },
      features: features.filter(
        (each) => !['sparse', 'conv', 'diagonal', 'color-map', 'border', 'real'].includes(each),
      ),
      field: { fractionBits: { min: 6, max: 9 }, accumulatorBits: 16 },
      residency: { blocks: 1, reloadNs: null },
    },
    unsupported: [],
    inconclusive: ['out.align'],
  },
  'pins held by strong fields, no latency stated': {
    changes: { pins: { kind: 'strong-field', flipProbabilityMax: 0.001 }, cancel: { latencyMs: null } },
    unsupported: [],
  },
  'continuous time': {
    changes: { dynamics: { kind: 'asynchronous', updateNs: 1, betaRange: { min: 0, max: 1000 } } },
    unsupported: [
      ...ordered,
      'cap.boundary',
      'cap.declared',
      'load.borrowed',
      'out.parity',
      'out.sign',
      'out.agree',
      'out.conditional-law',
      'out.trace-bits',
      'out.trace-law',
      'obs.counters',
    ],
  },
};

describe.each(Object.entries(profiles))('a device with %s', (_, { changes, unsupported, inconclusive = [] }) => {
  const profile = machineProfile(changes);
  test.each(deviceChapterChecks.map((check) => [check.plan.id, check] as const))('%s', async (id, check) => {
    const create = () => profileKeeper(new FaultyMachine({ profile }));
    const { verdict, reason } = await caseVerdict(check, create, { seed: 31n });
    const expected = unsupported.includes(id) ? 'unsupported' : inconclusive.includes(id) ? 'inconclusive' : 'pass';
    expect(verdict, reason).toBe(expected);
  });
});
