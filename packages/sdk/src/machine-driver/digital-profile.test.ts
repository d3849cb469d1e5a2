import { expect, test } from 'vitest';
import { parseDeviceProfile } from '../profile/parse-device-profile.ts';
import { digitalMachineProfile } from './digital-profile.ts';

const machine = {
  name: 'abacus',
  vendor: 'Nobody',
  description: 'Beads on rods.',
  accumulatorBits: 24,
  rowsMax: Number.POSITIVE_INFINITY,
  inFlight: 2,
  cancelMs: 10,
};

test('the profile is one that the schema takes, with what the machine says of itself', () => {
  const profile = digitalMachineProfile(machine);
  expect(parseDeviceProfile(JSON.parse(JSON.stringify(profile)))).toEqual(profile);
  expect(profile).toMatchObject({
    name: 'abacus',
    field: { accumulatorBits: 24 },
    batch: { rowsMax: 'unlimited', inFlight: 2 },
    cancel: { latencyMs: 10 },
    determinism: 'exact',
  });
});

test('a bound of rows is said', () => {
  expect(digitalMachineProfile({ ...machine, rowsMax: 24 }).batch.rowsMax).toBe(24);
});

test('nothing of it can be changed', () => {
  const profile = digitalMachineProfile(machine);
  expect(() => Object.assign(profile.batch, { inFlight: 3 })).toThrow(TypeError);
  expect(() => (profile.features as string[]).push('more')).toThrow(TypeError);
});
