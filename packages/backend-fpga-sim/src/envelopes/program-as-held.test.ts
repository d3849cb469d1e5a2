import { type Block, isIsinglassError, type Program, programHash } from '@isinglass/sdk';
import { randomProgram } from '@isinglass/sdk/testing';
import { expect, test } from 'vitest';
import { envelopeOf } from './all-envelopes.ts';
import type { Envelope } from './envelope.ts';
import { drawCorrelation, effectiveBits, type NoiseModel } from './noise-model.ts';
import { normalDraws } from './normal-draws.ts';
import { programAsHeld } from './program-as-held.ts';

const named = (id: string): Envelope => envelopeOf(`fpga-sim:${id}`) as Envelope;
const faithful: NoiseModel = { ...named('mtj-250').noise };

const program = (seed: number): Program =>
  randomProgram({ seed, law: 'real', forms: ['sparse', 'dense', 'diagonal'], temperature: 'constant' });
const blockOf = ({ json }: Program): Block => json.stages.find((stage) => stage.kind === 'block') as Block;

/** J and h of the first block, gains applied. */
function coefficients(of: Program): { couplings: number[]; biases: number[] } {
  const block = blockOf(of);
  const gain = (id: string): number => block.gains.find((each) => each.id === id)?.value ?? 1;
  const numbers = (name: string): readonly number[] => Array.from(of.tensors.get(name)?.data ?? [], Number);
  return {
    couplings: block.couplings.flatMap(({ form, gain: id }) => {
      const { tensor } = form.kind === 'dense' ? form.matrix : form.kind === 'conv' ? form.kernel : form.value;
      return numbers(tensor).map((w) => gain(id) * w);
    }),
    biases: block.biases.flatMap(({ values, gain: id }) => numbers(values.tensor).map((h) => gain(id) * h)),
  };
}

test('a machine that does not err holds every coupling as it is', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const before = coefficients(program(seed)).couplings;
    const after = coefficients(programAsHeld(program(seed), faithful, 1n).program).couplings;
    expect(after.length).toBe(before.length);
    after.forEach((value, n) => {
      expect(Math.abs(value - (before[n] as number))).toBeLessThanOrEqual(1e-6 * Math.abs(value));
    });
  }
});

test('the same seed is the same programming, another seed another', () => {
  const noise = { ...faithful, couplingSigma: 0.01 };
  const hash = (seed: bigint): string => {
    const held = programAsHeld(program(3), noise, seed).program;
    return programHash(held.json, held.tensors);
  };
  expect(hash(1n)).toBe(hash(1n));
  expect(hash(2n)).not.toBe(hash(1n));
  expect(hash(1n + 2n ** 40n)).not.toBe(hash(1n));
});

test('couplings beyond the range are clipped, and no others', () => {
  const range = [-0.2, 0.2] as const;
  const before = coefficients(program(4)).couplings;
  const beta = blockOf(program(4)).schedule.beta as number;
  const after = coefficients(programAsHeld(program(4), { ...faithful, couplingRange: range }, 1n).program).couplings;
  expect(before.some((j) => Math.abs(beta * j) > 0.2)).toBe(true);
  before.forEach((j, n) => {
    expect(beta * (after[n] as number)).toBeCloseTo(Math.min(0.2, Math.max(-0.2, beta * j)), 5);
  });
});

test('with b bits coefficients are multiples of range / (2^(b−1) − 1), 0 among them', () => {
  const noise = { ...faithful, couplingRange: [-6, 6], coefficientBits: 6 } as const;
  const beta = blockOf(program(5)).schedule.beta as number;
  for (const j of coefficients(programAsHeld(program(5), noise, 1n).program).couplings) {
    const steps = (beta * j) / (6 / 31);
    expect(Math.abs(steps - Math.round(steps))).toBeLessThan(1e-4);
  }
});

test('noise has the sigma of the model in the machine’s units; what is not coupled does not err', () => {
  // Sum of squares of n normal numbers: mean n, variance 2n. Six sigma: false alarm 2 · 10⁻⁹.
  const noise = { ...faithful, couplingSigma: 0.0125, betaEffective: 1 / 0.115 };
  let n = 0;
  let squares = 0;
  for (let seed = 1; seed <= 20; seed++) {
    const beta = blockOf(program(seed)).schedule.beta as number;
    const before = coefficients(program(seed)).couplings;
    const after = coefficients(programAsHeld(program(seed), noise, 9n).program).couplings;
    before.forEach((j, index) => {
      const error = ((after[index] as number) - j) * beta * 0.115;
      if (j === 0) expect(error).toBe(0);
      else {
        n++;
        squares += (error / 0.0125) ** 2;
      }
    });
  }
  expect(n).toBeGreaterThan(1000);
  expect(Math.abs(squares - n)).toBeLessThan(6 * Math.sqrt(2 * n));
});

test('on Advantage2 noise of the couplings is a tenth of k_B·T and swamps a coupling of 0.02', () => {
  const { noise } = named('dwave-advantage2');
  const sigma = noise.couplingSigma * noise.betaEffective;
  expect(sigma).toBeCloseTo(0.109, 3);
  expect(sigma / 0.02).toBeGreaterThan(5);
  expect(effectiveBits([-1, 1], 0.0095)).toBeCloseTo(5.93, 2);
  expect(effectiveBits([-1, 1], 0.0155)).toBeCloseTo(5.22, 2);
});

test('susceptibility adds what neighbours’ biases leak', () => {
  const source = program(6);
  const plain = coefficients(programAsHeld(source, faithful, 1n).program).biases;
  const leaky = coefficients(programAsHeld(source, { ...faithful, susceptibility: -0.03 }, 1n).program).biases;
  const doubled = coefficients(programAsHeld(source, { ...faithful, susceptibility: -0.06 }, 1n).program).biases;
  expect(leaky).not.toEqual(plain);
  plain.forEach((h, n) => {
    expect((doubled[n] as number) - h).toBeCloseTo(2 * ((leaky[n] as number) - h), 5);
  });
});

test('offsets are biases of the sigmoid; gains are given by spin', () => {
  const source = program(7);
  const { program: held, spinGains } = programAsHeld(source, { ...faithful, offsetSigma: 0.1, gainSigma: 0.2 }, 1n);
  expect(coefficients(held).biases).not.toEqual(coefficients(programAsHeld(source, faithful, 1n).program).biases);
  const gains = [...(spinGains.get(blockOf(source).index)?.values() ?? [])].flatMap((each) => [...each]);
  expect(gains.length).toBeGreaterThan(10);
  expect(new Set(gains).size).toBe(gains.length);
  const even = programAsHeld(source, faithful, 1n).spinGains.get(blockOf(source).index);
  expect([...(even?.values() ?? [])].every((each) => each.every((gain) => gain === 1))).toBe(true);
});

test('integers and kernels are refused by what they are', () => {
  const feature = (source: Program): string => {
    try {
      programAsHeld(source, faithful, 1n);
    } catch (e) {
      if (isIsinglassError(e)) return (e as { feature?: string }).feature ?? e.code;
      throw e;
    }
    return 'taken';
  };
  expect(feature(randomProgram({ seed: 1, law: 'fixed', forms: ['dense'] }))).toBe('fixed');
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);
  const convolutional = seeds
    .map((seed) => randomProgram({ seed, law: 'real', forms: ['conv'] }))
    .find(({ json }) => json.features.includes('conv'));
  expect(feature(convolutional as Program)).toBe('conv');
  expect(feature(randomProgram({ seed: 1, law: 'real', forms: ['dense'] }))).toBe('taken');
});

test('draws of Z1 that are 20 ns apart are not independent', () => {
  expect(drawCorrelation(named('extropic-z1').noise, 20)).toBeCloseTo(0.819, 3);
  expect(drawCorrelation(named('mtj-250').noise, 20)).toBeNull();
});

test('normal numbers have mean 0 and variance 1, and streams differ', () => {
  // 10⁴ draws, six sigma.
  const draw = normalDraws(5n, { block: 0, use: 0 });
  const numbers = Array.from({ length: 10_000 }, draw);
  const mean = numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
  const squares = numbers.reduce((sum, x) => sum + x * x, 0);
  expect(Math.abs(mean)).toBeLessThan(6 / Math.sqrt(numbers.length));
  expect(Math.abs(squares - numbers.length)).toBeLessThan(6 * Math.sqrt(2 * numbers.length));
  expect(normalDraws(5n, { block: 1, use: 0 })()).not.toBe(numbers[0]);
  expect(normalDraws(5n, { block: 0, use: 1 })()).not.toBe(numbers[0]);
});
