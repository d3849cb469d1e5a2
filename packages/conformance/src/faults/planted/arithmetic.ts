/** M15 … M21: numbers with too few bits, in weights, fields, activations and random numbers. */
import type { DeviceProfile } from '@isinglass/sdk';
import type { SamplerFault } from '../sampler-fault.ts';
import { misreported, roundedFields, truncated, wrapping } from '../weight-faults.ts';
import { planted, samplerProfile } from './planted.ts';

const table = (entries: number, limit: number, at: 'floor' | 'middle'): readonly SamplerFault[] => [
  { kind: 'activation', change: 'table', entries, limit, at },
];

/** A device of the real law that rounds fields to 4 bits over ±2 k_B·T, and says so. */
const fewBits: DeviceProfile = {
  ...samplerProfile,
  law: ['real'],
  features: samplerProfile.features.map((feature) => (feature === 'fixed' ? 'real' : feature)),
  determinism: 'stable',
  bias: { bits: 4, granularity: 'spin', range: { min: -2, max: 2 } },
};

export const arithmeticFaults = [
  planted({
    id: 'M15/zero',
    title: 'Weights lose their lowest bit and fields are cut to multiples of 0.05 k_B·T, both towards zero.',
    effect: 'one unit of every odd weight; fields by 0.025 k_B·T in the mean',
    killedBy: { quick: ['quant.law', 'law.update'], standard: ['law.score'] },
    blind: ['dyn.one-sweep where steps are small'],
    make: () => truncated({ bits: 1, step: 0.05, towards: 'zero' }),
    twin: {
      effect: 'fields cut to multiples of 2·10⁻⁴ k_B·T',
      make: () => truncated({ bits: 0, step: 2e-4, towards: 'zero' }),
    },
  }),
  planted({
    id: 'M15/floor',
    title: 'Weights lose their lowest bit and fields are cut to multiples of 0.05 k_B·T, both downwards.',
    effect: 'one unit of every odd weight; fields by 0.025 k_B·T in the mean',
    killedBy: { quick: ['quant.law', 'law.update'], standard: ['law.score'] },
    blind: ['dyn.one-sweep where steps are small'],
    make: () => truncated({ bits: 1, step: 0.05, towards: 'floor' }),
    twin: {
      effect: 'fields cut to multiples of 2·10⁻⁴ k_B·T',
      make: () => truncated({ bits: 0, step: 2e-4, towards: 'floor' }),
    },
  }),
  planted({
    id: 'M16',
    title: 'The device tells of fields rounded to the nearest quarter of k_B·T and uses fields that are rounded down.',
    effect: 'half of the fields by ¼ k_B·T',
    killedBy: { quick: ['quant.law'] },
    blind: ['quant.readback'],
    profile: fewBits,
    make: () => misreported(1 / 4),
    twin: { effect: 'fields rounded as told', make: () => roundedFields(1 / 4) },
  }),
  planted({
    id: 'M17',
    title: 'Weights are kept in 6 bits where 8 are declared: larger ones wrap.',
    effect: 'weights beyond ±31',
    killedBy: { quick: ['cap.boundary', 'quant.step'] },
    blind: ['programs with small weights'],
    make: () => wrapping(6),
  }),
  planted({
    id: 'M18/lut16',
    title: 'P is looked up in 16 entries over ±4, at the lower end of each.',
    effect: 'P by up to 0.12',
    killedBy: { quick: ['pin.transfer', 'law.update'] },
    blind: [],
    make: table(16, 4, 'floor'),
  }),
  planted({
    id: 'M18/lut64',
    title: 'P is looked up in 64 entries over ±4, at the lower end of each.',
    effect: 'P by up to 0.06',
    killedBy: { quick: ['pin.transfer', 'law.update'] },
    blind: ['law.joint'],
    make: table(64, 4, 'floor'),
    twin: { effect: '65536 entries', make: table(65536, 8, 'floor') },
  }),
  planted({
    id: 'M18/clipped',
    title: 'P is looked up in 256 entries over ±2 and constant beyond.',
    effect: 'P by up to 0.018 beyond ±2',
    killedBy: { standard: ['law.extremes'] },
    blind: ['law.joint'],
    make: table(256, 2, 'middle'),
    twin: { effect: '65536 entries over ±8', make: table(65536, 8, 'middle') },
  }),
  planted({
    id: 'M19/hard',
    title: 'The activation is piecewise linear.',
    effect: 'P by up to 0.12',
    killedBy: { quick: ['pin.transfer', 'law.update'] },
    blind: [],
    make: [{ kind: 'activation', change: 'hard' }],
  }),
  planted({
    id: 'M19/probit',
    title: 'The activation is the normal distribution function that is nearest to the logistic one.',
    effect: 'P by up to 0.0095',
    killedBy: { standard: ['law.update'], certify: ['pin.transfer'] },
    blind: ['law.joint'],
    make: [{ kind: 'activation', change: 'probit' }],
  }),
  planted({
    id: 'M19/clamp',
    title: 'Fields are clamped at βf = ±2.',
    effect: 'P by up to 0.018 beyond ±2',
    killedBy: { quick: ['pin.transfer', 'law.extremes'] },
    blind: ['law.joint'],
    make: [{ kind: 'activation', change: 'clamp', limit: 2 }],
    twin: { effect: 'clamped at ±7.9', make: [{ kind: 'activation', change: 'clamp', limit: 7.9 }] },
  }),
  planted({
    id: 'M20/bits',
    title: 'Random numbers have 5 bits.',
    effect: 'P by up to 0.031',
    killedBy: { quick: ['pin.transfer', 'law.extremes'], standard: ['law.update'] },
    blind: ['law.joint'],
    make: [{ kind: 'uniform', change: 'bits', bits: 5 }],
  }),
  planted({
    id: 'M20/p-bits',
    title: 'P has 5 bits.',
    effect: 'P by up to 0.016',
    killedBy: { standard: ['law.update'] },
    blind: ['law.joint'],
    make: [{ kind: 'activation', change: 'bits', bits: 5 }],
    twin: { effect: '15 bits', make: [{ kind: 'activation', change: 'bits', bits: 15 }] },
  }),
  planted({
    id: 'M20/or-equal',
    title: 'The comparator says u ≤ P where it should say u < P, both with 8 bits.',
    effect: 'P +0.004, and never 0',
    killedBy: { quick: ['law.symmetry', 'law.extremes'] },
    blind: ['law.joint'],
    make: [
      { kind: 'activation', change: 'or-equal' },
      { kind: 'activation', change: 'bits', bits: 8 },
      { kind: 'uniform', change: 'bits', bits: 8 },
    ],
  }),
  planted({
    id: 'M21',
    title: 'P is too large by 0.005 everywhere.',
    effect: 'P +0.005',
    killedBy: { quick: ['law.symmetry'], standard: ['law.update'] },
    blind: ['dyn.one-sweep'],
    make: [{ kind: 'activation', change: 'bias', by: 0.005 }],
    twin: { effect: 'P +2·10⁻⁵', make: [{ kind: 'activation', change: 'bias', by: 2e-5 }] },
  }),
];
