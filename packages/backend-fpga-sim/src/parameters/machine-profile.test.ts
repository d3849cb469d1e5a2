import { checkFit, type DeviceProfile } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { densePair } from './fixtures/dense-pair.ts';
import { machineProfile } from './machine-profile.ts';
import { machineUri, parseMachineUri } from './machine-uri.ts';
import { setNames } from './named-sets.ts';

const profileOf = (uri: string): DeviceProfile =>
  machineProfile(parseMachineUri(uri), { rowsMax: 4096, cancelMs: 100 });

test.each(setNames)('%s has a profile that the sdk takes', (set) => {
  const profile = profileOf(machineUri(set));
  expect(profile.name).toBe(machineUri(set));
  expect(Object.isFrozen(profile.energy)).toBe(true);
});

test.each(setNames)('every number of the profile of %s that a cost can need has a source and a grade', (set) => {
  const profile = profileOf(machineUri(set));
  const paths = profile.evidence.map(({ path }) => path);
  expect(new Set(paths).size).toBe(paths.length);
  for (const group of ['timing', 'io', 'energy'] as const) {
    for (const [key, value] of Object.entries(profile[group])) {
      expect({ path: `${group}.${key}`, listed: paths.includes(`${group}.${key}`) }).toEqual({
        path: `${group}.${key}`,
        listed: value !== null,
      });
    }
  }
});

test.each([
  ['fpga-sim:toy', 'repeatable'],
  ['fpga-sim:toy?rng=philox', 'exact'],
  ['fpga-sim:toy?rng=philox&thresholdBits=8', 'statistical'],
  ['fpga-sim:toy?rng=philox&tableEntries=256', 'statistical'],
  ['fpga-sim:toy?rng=philox&format=s4.6', 'statistical'],
  ['fpga-sim:toy?rng=philox&format=s4.12&activation=exact', 'exact'],
  ['fpga-sim:toy?rng=philox&activation=clip', 'statistical'],
  ['fpga-sim:toy?rng=philox&overflow=saturate&accumulatorBits=21', 'repeatable'],
  ['fpga-sim:toy?rng=philox&overflow=saturate&accumulatorBits=22', 'exact'],
  ['fpga-sim:toy?rng=philox&overflow=refuse&accumulatorBits=10', 'exact'],
  ['fpga-sim:conv-m', 'statistical'],
  ['fpga-sim:conv-m?rng=philox&activation=exact', 'exact'],
] as const)('%s is %s', (uri, level) => {
  expect(profileOf(uri).determinism).toBe(level);
});

test('the activation of the profile is exact where the table has an entry for every field', () => {
  expect(profileOf('fpga-sim:toy').activation).toEqual({ kind: 'exact' });
  expect(profileOf('fpga-sim:conv-m').activation).toEqual({ kind: 'table', entries: 2048 });
  expect(profileOf('fpga-sim:toy?thresholdBits=8').activation).toEqual({ kind: 'table', entries: 512 });
  expect(profileOf('fpga-sim:toy?activation=clip&clipField=2').activation).toEqual({ kind: 'clip', fieldMax: 2 });
});

test('an activation that is not exact says how far off it is', () => {
  const tolerance = (uri: string): number | null => profileOf(uri).tolerances.updateProbability;
  expect(tolerance('fpga-sim:toy')).toBeNull();
  // A step of 1/128 puts the nearest entry at most 1/256 away, and p has a slope of at most 1/2 there (devices.md section 9: 0.2%).
  expect(tolerance('fpga-sim:conv-m')).toBeGreaterThan(0.0018);
  expect(tolerance('fpga-sim:conv-m')).toBeLessThanOrEqual(0.002);
  // 8 bits of probability: half of 1/256.
  expect(tolerance('fpga-sim:toy?thresholdBits=8')).toBeCloseTo(1 / 512, 3);
  expect(tolerance('fpga-sim:toy?activation=clip')).toBeGreaterThan(0.1);
});

test('one bit of weight is −1 and +1', () => {
  expect(profileOf('fpga-sim:toy?weightBits=1').weights).toMatchObject({ bits: 2, levels: [-1, 1] });
  expect(profileOf('fpga-sim:toy?weightBits=2').weights).toMatchObject({ bits: 2, levels: null });
});

test('what a machine has not is not among its features', () => {
  const lacking = (uri: string, feature: DeviceProfile['features'][number]): boolean =>
    !profileOf(uri).features.includes(feature);
  expect(lacking('fpga-sim:toy', 'temperature')).toBe(false);
  expect(lacking('fpga-sim:toy?temperatureSweeps=0', 'temperature')).toBe(true);
  expect(lacking('fpga-sim:toy', 'conditional-sum')).toBe(false);
  expect(lacking('fpga-sim:toy?counterBits=17', 'conditional-sum')).toBe(true);
  expect(lacking('fpga-sim:conv-m', 'sparse')).toBe(true);
  expect(lacking('fpga-sim:conv-m', 'conv')).toBe(false);
});

test('what does not fit is said with numbers', () => {
  // 5 × 5 complete bipartite, weights up to 7 (4 bits), k = 6, sums up to 35 (7 bits).
  const program = densePair(7);
  const misfits = (uri: string): unknown =>
    checkFit(program, profileOf(uri)).map(({ limit, needed, available }) => [limit, needed, available]);
  expect(misfits('fpga-sim:toy?format=s4.6')).toEqual([]);
  expect(misfits('fpga-sim:toy')).toEqual([['field.fractionBits.max', 6, 5]]);
  const roomy = 'fpga-sim:toy?format=s4.6';
  expect(misfits(`${roomy}&spins=10`)).toEqual([]);
  expect(misfits(`${roomy}&spins=9`)).toEqual([['spins.max', 10, 9]]);
  expect(misfits(`${roomy}&degree=5&colors=2&weightBits=4`)).toEqual([]);
  expect(misfits(`${roomy}&degree=4`)).toEqual([
    ['couplings.degreeMax', 5, 4],
    ['couplings.degreeMax', 5, 4],
  ]);
  expect(misfits(`${roomy}&colors=1`)).toEqual([['dynamics.colorsMax', 2, 1]]);
  expect(misfits(`${roomy}&weightBits=3`)).toEqual([['weights.bits', 4, 3]]);
});

test('sums that may leave the accumulator are refused, or taken where they saturate', () => {
  const program = densePair(127);
  const limits = (uri: string): readonly string[] => checkFit(program, profileOf(uri)).map(({ limit }) => limit);
  // 5 · 127 = 635 takes 11 bits with its sign.
  expect(limits('fpga-sim:toy?format=s4.6&accumulatorBits=11')).toEqual([]);
  expect(limits('fpga-sim:toy?format=s4.6&accumulatorBits=10')).toEqual(['field.accumulatorBits']);
  expect(limits('fpga-sim:toy?format=s4.6&accumulatorBits=10&overflow=saturate')).toEqual([]);
});
