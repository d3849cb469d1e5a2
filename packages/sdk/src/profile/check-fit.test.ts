import { expect, test } from 'vitest';
import { createProgram } from '../program/create-program.ts';
import type { Program } from '../program/program.ts';
import { programFeatures } from '../program/program-features.ts';
import type { ProgramJson, Readout, Schedule } from '../program/program-json.ts';
import { type ProfileChanges, testProfile } from '../testing/test-profile.ts';
import { checkFit, isUnstated } from './check-fit.ts';

/**
 * x (pinned, 1×4×4) → a (free, 2×4×4) by a 3×3 convolution, a → b (free, 32) diagonally. Known by hand:
 * 80 spins (64 free), 2 · 100 + 32 couplings, an inner spin of `a` has 9 couplings to x and 1 to b.
 */
function program(o: { readout?: Partial<Readout>; schedule?: Partial<Schedule> } = {}): Program {
  const json: Omit<ProgramJson, 'features'> = {
    irVersion: '1.0',
    name: 'fit',
    provenance: {},
    law: { kind: 'fixed' },
    inputs: [{ name: 'image', dtype: 'spin', shape: ['batch', 1, 4, 4] }],
    outputs: [],
    stages: [
      {
        kind: 'block',
        id: 'only',
        index: 0,
        banks: [
          { id: 'x', role: 'pinned', shape: [1, 4, 4], value: 'image' },
          { id: 'a', role: 'free', shape: [2, 4, 4], color: 0 },
          { id: 'b', role: 'free', shape: [32], color: 1 },
        ],
        gains: [{ id: 'half', value: 0.5, runtime: false }],
        couplings: [
          {
            id: 'k',
            from: 'x',
            to: 'a',
            gain: 'half',
            scale: 0.01,
            form: {
              kind: 'conv',
              kernel: { tensor: 'k' },
              strides: [1, 1],
              pads: [1, 1, 1, 1],
              dilations: [1, 1],
              groups: 1,
            },
          },
          {
            id: 'd',
            from: 'a',
            to: 'b',
            gain: 'half',
            scale: 0.02,
            form: { kind: 'diagonal', value: { tensor: 'd' } },
          },
        ],
        biases: [{ bank: 'b', gain: 'half', form: 'spin', values: { tensor: 'h' } }],
        readouts: [{ id: 'r', bank: 'b', observable: 'spin-sum', tie: 1, ...o.readout } as Readout],
        schedule: {
          sweeps: 8,
          burnIn: 2,
          stride: 1,
          chains: 1,
          colors: [0, 1],
          init: 'random',
          beta: 1,
          ...o.schedule,
        },
        fixed: { fractionBits: 9, beta: 1 },
      },
    ],
  };
  const tensors = new Map([
    ['k', { dtype: 'I8' as const, shape: [2, 1, 3, 3], data: new Int8Array(18).fill(-31) }],
    ['d', { dtype: 'I8' as const, shape: [32], data: new Int8Array(32).fill(3) }],
    ['h', { dtype: 'F32' as const, shape: [32], data: new Float32Array(32).fill(0.25) }],
  ]);
  return createProgram({ ...json, features: programFeatures(json) }, tensors);
}

const fits = program();

test('a device that can do everything holds everything', () => {
  expect(checkFit(fits, testProfile())).toEqual([]);
});

/** The limit, a profile exactly at it, one past it, and the two numbers of the finding. */
const boundaries: readonly (readonly [string, ProfileChanges, ProfileChanges, number, number | null])[] = [
  ['spins.max', { spins: { max: 80 } }, { spins: { max: 79 } }, 80, 79],
  ['couplings.max', { couplings: { max: 232 } }, { couplings: { max: 231 } }, 232, 231],
  [
    'couplings.degreeMax',
    { couplings: { degreeMax: { limit: 10, count: 'all' } } },
    { couplings: { degreeMax: { limit: 9, count: 'all' } } },
    10,
    9,
  ],
  [
    'couplings.degreeMax',
    { couplings: { degreeMax: { limit: 1, count: 'free' } } },
    { couplings: { degreeMax: { limit: 0, count: 'free' } } },
    1,
    0,
  ],
  ['weights.bits', { weights: { bits: 6 } }, { weights: { bits: 5 } }, 6, 5],
  // 9 · 31 = 279 needs 10 signed bits.
  ['field.accumulatorBits', { field: { accumulatorBits: 10 } }, { field: { accumulatorBits: 9 } }, 10, 9],
  [
    'field.fractionBits.max',
    { field: { fractionBits: { min: 4, max: 9 } } },
    { field: { fractionBits: { min: 4, max: 8 } } },
    9,
    8,
  ],
  // 0.5 · 0.01 · −31
  [
    'weights.range.min',
    { weights: { range: { min: -0.155, max: 1 } } },
    { weights: { range: { min: -0.15, max: 1 } } },
    -0.155,
    -0.15,
  ],
  [
    'bias.range.max',
    { bias: { range: { min: 0, max: 0.125 } } },
    { bias: { range: { min: 0, max: 0.1 } } },
    0.125,
    0.1,
  ],
  // 0.125 · 2⁹ = 64 units: 7 bits and the sign.
  ['bias.bits', { bias: { bits: 8 } }, { bias: { bits: 7 } }, 8, 7],
  ['dynamics.colorsMax', gibbs(2, 1), gibbs(1, 1), 2, 1],
  ['dynamics.betaRange.max', gibbs(2, 1), gibbs(2, 0.5), 1, 0.5],
  ['weights.scalePer', { weights: { scalePer: 'coupling' } }, { weights: { scalePer: 'block' } }, 2, 1],
  ['bias.granularity', { bias: { granularity: 'spin' } }, { bias: { granularity: 'channel' } }, 1, 0],
  ['law', { law: ['fixed'] }, { law: ['real'] }, 1, 0],
  ['features.conv', {}, { features: ['diagonal', 'fixed'] }, 1, 0],
  ['couplings.forms.diagonal', {}, { couplings: { forms: ['conv'] } }, 1, 0],
  ['weights.levels', { weights: { levels: [-31, 3] } }, { weights: { levels: [-31, 2] } }, 1, 0],
  [
    'readout.observables.spin-sum',
    { readout: { observables: ['state'] } },
    { readout: { observables: ['conditional-sum'] } },
    1,
    0,
  ],
  ['readout.counterBits', { readout: { counterBits: 2 } }, { readout: { counterBits: 1 } }, 2, 1],
  ['readout.strideMin', { readout: { strideMin: 1 } }, { readout: { strideMin: 2 } }, 1, 0],
  ['init.random', { init: ['given'] }, { init: ['feed-forward'] }, 1, 0],
  ['dynamics.kind', gibbs(2, 1), { dynamics: { kind: 'oscillator' } }, 1, 0],
];

function gibbs(colorsMax: number, max: number): ProfileChanges {
  return { dynamics: { kind: 'chromatic-gibbs', colorsMax, betaRange: { min: 0, max } } };
}

test('a program fits at a limit and not one past it, and the finding has the numbers', () => {
  for (const [limit, at, past, needed, available] of boundaries) {
    expect({ limit, found: checkFit(fits, testProfile(at)) }).toEqual({ limit, found: [] });
    const found = checkFit(fits, testProfile(past)).filter((misfit) => misfit.limit === limit);
    expect(found.length, limit).toBeGreaterThan(0);
    expect(found[0]).toMatchObject({ limit, available });
    expect(found[0]?.needed).toBeCloseTo(needed, 9);
    expect(found[0]?.remedies.length).toBeGreaterThan(0);
  }
});

test('a limit that the vendor does not publish is reported as unstated, never as met', () => {
  const profile = testProfile({
    spins: { max: null },
    weights: { range: { min: null, max: 1e6 } },
    field: { fractionBits: null },
  });
  const found = checkFit(fits, profile);
  expect(found.every(isUnstated)).toBe(true);
  expect(found.map((misfit) => misfit.limit)).toEqual([
    'spins.max',
    'weights.range.min',
    'weights.range.min',
    'field.fractionBits',
  ]);
  expect(found[0]).toMatchObject({ needed: 80, available: null, where: 'stages[0]' });
});

test('spins that a device folds into biases take no room', () => {
  const folding = { pins: { kind: 'fold' }, spins: { max: 64 }, couplings: { max: 32 } } as const;
  expect(checkFit(fits, testProfile(folding))).toEqual([]);
  expect(checkFit(fits, testProfile({ ...folding, pins: { kind: 'native' } }))).toHaveLength(2);
});

test('a feed-forward start fits a device that can be given states, a β list one with temperatures', () => {
  const start = program({ schedule: { init: 'feed-forward' } });
  expect(checkFit(start, testProfile({ init: ['given'] }))).toEqual([]);
  expect(checkFit(start, testProfile({ init: ['random'] }))).toHaveLength(1);
  const heated = program({ schedule: { beta: [{ sweep: 1, beta: 1 }] } });
  expect(checkFit(heated, testProfile())).toEqual([]);
  const cold = testProfile({ features: fits.json.features });
  expect(checkFit(heated, cold)).toMatchObject([{ limit: 'features.temperature' }]);
});
