/** Machines and programs that tests of the convolution engine share. */
import type { Block, Program } from '@isinglass/sdk';
import { convMisfits } from '../../src/conv/conv-misfits.ts';
import type { ConvParameters } from '../../src/parameters/engine-parameters.ts';
import { type GivenValues, resolveParameters } from '../../src/parameters/resolve-parameters.ts';

/** A small array that random programs fit: philox, 12 fraction bits, wide sums. */
export function convParameters(given: GivenValues = {}): ConvParameters {
  const roomy: GivenValues = {
    spins: 8192,
    degree: 2 ** 20,
    colors: 512,
    format: { integerBits: 18, fractionBits: 12 },
    activation: 'exact',
    accumulatorBits: 32,
    rng: 'philox',
    weightMemoryKiB: 512,
    channels: 4,
    taps: 4,
    pixels: 8,
    samplers: 8,
  };
  const { parameters } = resolveParameters('conv-s', { ...roomy, ...given });
  if (parameters.engine !== 'conv') throw new TypeError('conv-s is a convolution engine');
  return parameters;
}

/** The block of a program that has one. */
export function onlyBlock(program: Program): Block {
  const [block] = program.json.stages;
  if (block?.kind !== 'block') throw new TypeError(`${program.json.name} has no block`);
  return block;
}

export const fits = (p: ConvParameters, program: Program): boolean =>
  convMisfits(p, program, onlyBlock(program)).length === 0;
