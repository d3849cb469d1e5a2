/**
 * The promise of folding: whatever the exporter wrote, the compiled block's feed-forward pre-activations are those that
 * onnxruntime computes from the original network, borders included.
 *
 * Both sides round to float32: onnxruntime in every operation, the program in its folded weights. Sums have at most some
 * hundred terms, so 1e-4 of the largest pre-activation leaves an order of magnitude.
 */
import { type Block, type Program, packSpins } from '@isinglass/sdk';
import { feedForwardMeans } from '@isinglass/sdk/reference';
import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { compile } from '../src/compile.ts';
import { blockRecipe, randomBlockModel } from './support/random-block-model.ts';
import { numbers } from './support/random-numbers.ts';
import { writeBlock } from './support/write-block.ts';

const images = 3;

async function runtimePreactivations(probe: Uint8Array, x: Float32Array, shape: readonly number[]) {
  const session = await InferenceSession.create(probe, { intraOpNumThreads: 1, graphOptimizationLevel: 'disabled' });
  try {
    const results = await session.run({ x: new Tensor('float32', x, [images, ...shape]) });
    return { z1: results.z1?.data as Float32Array, z2: results.z2?.data as Float32Array };
  } finally {
    await session.release();
  }
}

function programPreactivations(program: Program, x: Float32Array) {
  const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block');
  if (block === undefined) throw new Error('the program has a block');
  const inputs = { s0: packSpins(x, images, x.length / images) };
  // δ = 1: the program's field of s2 is the paper's z2.
  const means = feedForwardMeans(program, block, { gains: { delta: 1 }, inputs, images: Uint32Array.of(0, 1, 2) });
  return { z1: means.get('s1')?.z ?? new Float64Array(), z2: means.get('s2')?.z ?? new Float64Array() };
}

function expectClose(actual: Float64Array, wanted: Float32Array): void {
  expect(actual.length).toBe(wanted.length);
  const size = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - (actual[i] as number))), 0);
  expect(worst / size).toBeLessThan(1e-4);
}

describe.each(['torchscript', 'dynamo'] as const)('a block written in the style of the %s exporter', (style) => {
  it('has the pre-activations of onnxruntime after folding, for random blocks of every shape', async () => {
    await fc.assert(
      fc.asyncProperty(blockRecipe, fc.boolean(), async (recipe, padNodes) => {
        const block = randomBlockModel(recipe);
        const { model, probe } = writeBlock(block, { style, padNodes, random: numbers(recipe.seed + 2) });
        const spins = block.inputShape.reduce((a, b) => a * b, 1);
        const x = Float32Array.from(numbers(recipe.seed + 1).spins(images * spins));
        const wanted = await runtimePreactivations(probe, x, block.inputShape);
        const { program } = await compile(model, { law: 'real', binaryInputs: ['x'] });
        const found = programPreactivations(program, x);
        expectClose(found.z1, wanted.z1);
        expectClose(found.z2, wanted.z2);
      }),
      { numRuns: 60, seed: 9 },
    );
  });
});
