/** Machines and programs that tests of the lane engine share. */
import type { Block, Program } from '@isinglass/sdk';
import type { LaneParameters } from '../../src/parameters/engine-parameters.ts';
import { type GivenValues, resolveParameters } from '../../src/parameters/resolve-parameters.ts';

/** A toy machine that random programs fit: philox, 12 fraction bits, wide sums. */
export function laneParameters(given: GivenValues = {}): LaneParameters {
  const roomy: GivenValues = {
    spins: 8192,
    degree: 2 ** 20,
    colors: 512,
    format: { integerBits: 18, fractionBits: 12 },
    activation: 'exact',
    accumulatorBits: 32,
    rng: 'philox',
  };
  const { parameters } = resolveParameters('toy', { ...roomy, ...given });
  if (parameters.engine !== 'lane') throw new TypeError('toy is a lane engine');
  return parameters;
}

/** The block of a program that has one. */
export function onlyBlock(program: Program): Block {
  const [block] = program.json.stages;
  if (block?.kind !== 'block') throw new TypeError(`${program.json.name} has no block`);
  return block;
}
