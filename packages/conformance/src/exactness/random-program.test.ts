import type { DeviceProfile, Feature } from '@isinglass/sdk';
import { expect, test } from 'vitest';
import { TooFewSamples } from '../checks/check.ts';
import { machineProfile } from '../oracle/machine/machine-profile.ts';
import { RandomStream } from '../random/random-stream.ts';
import { randomProgram } from './random-program.ts';

const everything = machineProfile();

test('the same stream gives the same program', () => {
  const make = (): string => randomProgram(new RandomStream(5n, 'program'), { profile: everything, law: 'fixed' }).hash;
  expect(make()).toBe(make());
});

test('a few hundred programs use every feature of programs without host stages', () => {
  const used = new Set<Feature>();
  for (let n = 0; n < 200; n++) {
    const law = n % 4 === 0 ? 'real' : 'fixed';
    const { json } = randomProgram(new RandomStream(BigInt(n), 'all'), { profile: everything, law });
    for (const feature of json.features) used.add(feature);
  }
  expect([...used].sort()).toEqual(everything.features.filter((feature) => feature !== 'host').toSorted());
});

test('geometry is varied: strides, pads, dilations and groups beyond 1, convolutions of one and two axes', () => {
  const seen = { strides: 0, pads: 0, dilations: 0, groups: 0, one: 0, two: 0, wide: 0, self: 0 };
  for (let n = 0; n < 150; n++) {
    const { json } = randomProgram(new RandomStream(BigInt(n), 'geometry'), { profile: everything, law: 'fixed' });
    for (const stage of json.stages) {
      if (stage.kind !== 'block') continue;
      for (const { form, from, to } of stage.couplings) {
        if (from === to) seen.self++;
        if (form.kind !== 'conv') continue;
        if (form.strides.some((stride) => stride > 1)) seen.strides++;
        if (form.pads.some((pad) => pad > 0)) seen.pads++;
        if (form.dilations.some((dilation) => dilation > 1)) seen.dilations++;
        if (form.groups > 1) seen.groups++;
        if (form.strides.length === 1) seen.one++;
        else seen.two++;
        if (form.pads[0] !== form.pads[form.strides.length]) seen.wide++;
      }
    }
  }
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(5);
});

/** Of narrow devices; createProgram verifies, and checkFit answers for the profile. */
const narrow: Readonly<Record<string, Partial<DeviceProfile>>> = {
  'dense alone, 20 spins, two colors': {
    features: ['dense', 'fixed'],
    couplings: { ...everything.couplings, forms: ['dense'] },
    spins: { max: 20, perTileMax: 20 },
    dynamics: { kind: 'chromatic-gibbs', colorsMax: 2, betaRange: { min: 0.5, max: 1 } },
  },
  'signs as weights, one scale, biases by channel': {
    weights: { bits: 2, levels: [-1, 1], scalePer: 'device', range: { min: -2, max: 2 } },
    bias: { bits: 12, granularity: 'channel', range: { min: -1, max: 1 } },
  },
  'sparse of degree 4, 4 bits, sums of 6 bits': {
    features: ['sparse', 'color-map', 'fixed'],
    couplings: { ...everything.couplings, forms: ['sparse'], degreeMax: { limit: 4, count: 'all' }, max: 60 },
    weights: { bits: 4, levels: null, scalePer: 'block', range: { min: -1, max: 1 } },
    field: { fractionBits: { min: 9, max: 9 }, accumulatorBits: 6 },
  },
};

test.each(Object.entries(narrow))('programs for a narrow device are found: %s', (_, changes) => {
  const profile = machineProfile({ law: ['fixed'], ...changes });
  for (let n = 0; n < 20; n++) {
    const program = randomProgram(new RandomStream(BigInt(n), 'narrow'), { profile, law: 'fixed' });
    expect(program.json.stages.length).toBeGreaterThan(0);
  }
});

test('a profile that no program is within is too few samples, not a hang', () => {
  const profile = machineProfile({ law: ['real'] });
  expect(() => randomProgram(new RandomStream(1n, 'none'), { profile, law: 'fixed' })).toThrow(TooFewSamples);
});
