import { expect, test } from 'vitest';
import { IsinglassError } from '../errors/isinglass-error.ts';
import { testProfile } from '../testing/test-profile.ts';
import { parseDeviceProfile } from './parse-device-profile.ts';

function faultsOf(profile: unknown): readonly (string | undefined)[] {
  try {
    parseDeviceProfile(profile);
  } catch (e) {
    if (e instanceof IsinglassError && e.code === 'invalid-request') return e.diagnostics.map((d) => d.where);
    throw e;
  }
  return [];
}

test('a complete profile is taken, as a deep-frozen copy', () => {
  const given = testProfile();
  const profile = parseDeviceProfile(given);
  expect(profile).toEqual(given);
  expect(profile).not.toBe(given);
  expect(Object.isFrozen(profile.couplings.degreeMax)).toBe(true);
  expect(Object.isFrozen(profile.features)).toBe(true);
  expect(() => Object.assign(profile.spins, { max: 1 })).toThrow(TypeError);
});

test('every limit may be a number, "unlimited" or null, and nothing else', () => {
  for (const max of [1, 'unlimited', null]) expect(faultsOf(testProfile({ spins: { max } as never }))).toEqual([]);
  for (const max of [0, -1, 1.5, 'many', undefined, Number.NaN]) {
    expect(faultsOf(testProfile({ spins: { max } as never }))).toEqual(['spins.max']);
  }
});

test('a missing key, an unknown key and a wrong member are all named at once', () => {
  const { vendor: _, ...profile } = testProfile({ batch: { inFlight: 0 } });
  expect(faultsOf({ ...profile, clockHz: 1 })).toEqual(expect.arrayContaining(['vendor', 'batch.inFlight', 'clockHz']));
});

test('what a kind of dynamics does not have is an error', () => {
  expect(faultsOf(testProfile({ dynamics: { kind: 'annealer' } }))).toEqual([]);
  expect(faultsOf(testProfile({ dynamics: { kind: 'annealer', updateNs: 3 } as never }))).toEqual([
    'dynamics.updateNs',
  ]);
  expect(faultsOf('a profile')).toEqual(['(root)']);
});
