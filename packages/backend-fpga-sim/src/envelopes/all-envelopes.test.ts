import { checkFit, isIsinglassError, isUnstated } from '@isinglass/sdk';
import { randomProgram } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { setNames } from '../parameters/named-sets.ts';
import { allEnvelopes, envelopeOf, envelopeUri } from './all-envelopes.ts';
import { envelopeLabel } from './envelope.ts';
import { whyNotRun } from './why-not-run.ts';

const ids = allEnvelopes.map(({ id }) => id);

test('names are unique, and none is that of an emulated machine', () => {
  expect(new Set([...ids, ...setNames]).size).toBe(ids.length + setNames.length);
});

test.each(allEnvelopes)('$id says that it is an envelope', ({ id, profile }) => {
  expect(profile.description.endsWith(envelopeLabel)).toBe(true);
  expect(profile.name).toBe(`fpga-sim:${id}`);
  expect(profile.determinism).toBe('statistical');
});

test.each(allEnvelopes)('every number of $id that goes into a cost has a source and a grade', ({ profile, time }) => {
  const paths = new Set(profile.evidence.map(({ path }) => path));
  for (const group of ['timing', 'energy'] as const) {
    for (const [key, value] of Object.entries(profile[group])) {
      if (value !== null) expect([...paths]).toContain(`${group}.${key}`);
    }
  }
  if (time.kind !== 'unstated')
    expect([...paths].some((path) => path.startsWith('time.') || path === 'timing.clockHz')).toBe(true);
});

test.each(allEnvelopes)('what $id contains elsewhere is said where it is 0', ({ profile }) => {
  for (const [key, value] of Object.entries(profile.energy)) {
    const source = profile.evidence.find(({ path }) => path === `energy.${key}`)?.source;
    if (value === 0) expect(source).toMatch(/^contained in energy\./);
  }
});

test('a URI names an envelope, which has no parameters', () => {
  for (const each of allEnvelopes) expect(envelopeOf(envelopeUri(each))).toBe(each);
  expect(envelopeOf('fpga-sim:toy')).toBeUndefined();
  expect(envelopeOf('fpga-sim:toy?lanes=4')).toBeUndefined();
  expect(() => envelopeOf('fpga-sim:extropic-z1?clockMHz=20')).toThrow(/has no parameters/);
});

test('analog p-bits sample; all others say why they do not, and what does', () => {
  const runs = allEnvelopes.filter((each) => whyNotRun(each) === null).map(({ id }) => id);
  expect(runs).toEqual(['extropic-z1', 'extropic-dtca', 'mtj-250']);
  for (const each of allEnvelopes) {
    const error = whyNotRun(each);
    if (error === null) continue;
    expect(isIsinglassError(error) && error.code).toBe('unsupported');
    expect(error.message).toMatch(/; try: fpga-sim:toy/);
    const holds = ['chromatic-gibbs', 'asynchronous'].includes(each.profile.dynamics.kind);
    expect(error.feature).toBe(holds ? 'emulation' : 'sampling');
  }
});

test('a machine that holds no temperature is a misfit for every program, whatever else is published', () => {
  const program = randomProgram({ seed: 1, law: 'real', forms: ['sparse'], freeSpinsMax: 8, pinnedSpinsMax: 0 });
  for (const { profile } of allEnvelopes) {
    const holds = profile.dynamics.kind === 'chromatic-gibbs';
    expect(checkFit(program, profile).some(({ limit }) => limit === 'dynamics.kind')).toBe(!holds);
  }
});

test('what a vendor does not publish is "unstated", not met', () => {
  const program = randomProgram({ seed: 1, law: 'real', forms: ['sparse'], freeSpinsMax: 8, pinnedSpinsMax: 0 });
  const cobi = envelopeOf('fpga-sim:oim-cobi');
  const size = checkFit(program, (cobi as NonNullable<typeof cobi>).profile).find(({ limit }) => limit === 'spins.max');
  expect(size !== undefined && isUnstated(size)).toBe(true);
});
