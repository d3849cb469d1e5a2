import {
  type Block,
  InvalidModelError,
  InvalidRequestError,
  type Program,
  packSpins,
  verifyProgram,
} from '@isinglass/sdk';
import { feedForwardMeans } from '@isinglass/sdk/reference';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oneBlockModel } from '../test/support/imported-model.ts';
import { evaluateNetwork } from '../test/support/network.ts';
import { type BlockRecipe, blockRecipe, randomBlockModel } from '../test/support/random-block-model.ts';
import { numbers } from '../test/support/random-numbers.ts';
import { compileImported } from './compile-imported.ts';
import type { BlockModel } from './model/block-model.ts';
import type { CompileOptions } from './options/compile-options.ts';
import type { CompilerDiagnostic } from './pipeline/diagnostic.ts';

const recipe: BlockRecipe = {
  seed: 21,
  kind: 'conv',
  rank: 2,
  groups: 1,
  channels: [2, 3, 2],
  size: [5, 6],
  kernel: [3, 3],
  stride: [1, 1],
  dilation: [1, 1],
  padBegin: [1, 1],
  padEnd: [1, 1],
  skip: 'conv',
  bias: true,
  shift: 'channel',
};
const model = randomBlockModel(recipe);

function firstBlock(program: Program): Block {
  const [stage] = program.json.stages;
  if (stage?.kind !== 'block') throw new Error('the first stage is a block');
  return stage;
}

/** Feed-forward pre-activations of the program with δ = 1, by the reference of the sdk. */
function preactivations(program: Program, x: ArrayLike<number>) {
  const block = firstBlock(program);
  const gains = { delta: 1 };
  const inputs = { s0: packSpins(Int8Array.from(x), 1, x.length) };
  const means = feedForwardMeans(program, block, { gains, inputs, images: Uint32Array.of(0) });
  return { z1: means.get('s1')?.z ?? new Float64Array(), z2: means.get('s2')?.z ?? new Float64Array() };
}

function relativeError(actual: Float64Array, wanted: Float64Array): number {
  const size = Math.max(1, ...wanted.map(Math.abs));
  return Math.max(...wanted.map((value, i) => Math.abs(value - (actual[i] as number)))) / size;
}

async function refusal(options: object, block: BlockModel = model): Promise<unknown> {
  try {
    await compileImported(oneBlockModel(block), options as CompileOptions);
  } catch (error) {
    return error;
  }
  return 'accepted';
}

describe('compiling', () => {
  it('gives real-law programs whose feed-forward pass is the network, for random blocks of every shape', async () => {
    await fc.assert(
      fc.asyncProperty(blockRecipe, async (random) => {
        const block = randomBlockModel(random);
        const { program } = await compileImported(oneBlockModel(block), { law: 'real' });
        const x = numbers(random.seed + 1).spins(block.inputShape.reduce((a, b) => a * b, 1));
        const wanted = evaluateNetwork(block, x);
        const { z1, z2 } = preactivations(program, x);
        // float32 storage of at most some 50 weights per spin.
        expect(relativeError(z1, wanted.z1)).toBeLessThan(1e-5);
        expect(relativeError(z2, wanted.z2)).toBeLessThan(1e-5);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('gives valid fixed-law programs for random blocks of every shape and width of weight', async () => {
    await fc.assert(
      fc.asyncProperty(blockRecipe, fc.integer({ min: 2, max: 8 }), async (random, weightBits) => {
        const { program, report } = await compileImported(oneBlockModel(randomBlockModel(random)), { weightBits });
        expect(verifyProgram(program.json, program.tensors)).toEqual([]);
        expect(report.programHash).toBe(program.hash);
      }),
      { numRuns: 60, seed: 8 },
    );
  });

  it('comes closer to the network with every weight bit', async () => {
    const x = numbers(3).spins(60);
    const wanted = evaluateNetwork(model, x).z2;
    const errors: number[] = [];
    for (const weightBits of [3, 5, 7]) {
      const { program } = await compileImported(oneBlockModel(model), { weightBits });
      errors.push(relativeError(preactivations(program, x).z2, wanted));
    }
    expect(errors[1]).toBeLessThan((errors[0] as number) / 2);
    expect(errors[2]).toBeLessThan((errors[1] as number) / 2);
  });

  it('writes the block of semantics 3.2 with the documented defaults', async () => {
    const { program } = await compileImported(oneBlockModel(model));
    const block = firstBlock(program);
    expect(block.banks.map((bank) => [bank.id, bank.role, bank.color])).toEqual([
      ['s0', 'pinned', undefined],
      ['s1', 'free', 0],
      ['s2', 'free', 1],
    ]);
    expect(block.gains).toEqual([
      { id: 'one', value: 1, runtime: false },
      { id: 'delta', value: 0.2, runtime: true },
    ]);
    expect(block.couplings.map(({ id, from, to, gain }) => [id, from, to, gain])).toEqual([
      ['k1', 's0', 's1', 'one'],
      ['k2', 's1', 's2', 'delta'],
      ['k3', 's0', 's2', 'delta'],
    ]);
    expect(block.biases.map(({ bank, gain, form }) => [bank, gain, form])).toEqual([
      ['s1', 'one', 'border'],
      ['s2', 'delta', 'border'],
    ]);
    // 187 − 46 = 141 retained sweeps: odd, so no sum is zero.
    expect(block.schedule).toMatchObject({
      sweeps: 187,
      burnIn: 46,
      stride: 1,
      chains: 1,
      colors: [0, 1],
      init: 'random',
    });
    expect(block.readouts).toEqual([{ id: 'y', bank: 's2', observable: 'spin-sum', tie: 1, signs: 'y' }]);
    expect(block.fixed).toEqual({ fractionBits: 9, beta: 1 });
    expect(block.couplings[0]?.constraint).toEqual({ weightBits: 7 });
    expect(program.json.features).toEqual(['border', 'conv', 'fixed', 'runtime-gain']);
  });

  it('takes one value per block for what is run, and the readout that is asked for', async () => {
    const { program } = await compileImported(oneBlockModel(model), {
      delta: [0.05],
      sweeps: [24],
      readout: 'conditional-sum',
      init: 'feed-forward',
      chains: 3,
      stride: 2,
    });
    const block = firstBlock(program);
    expect(block.gains[1]?.value).toBe(0.05);
    expect(block.schedule).toMatchObject({ sweeps: 24, burnIn: 6, stride: 2, chains: 3, init: 'feed-forward' });
    expect(block.readouts[0]?.observable).toBe('conditional-sum');
    expect(program.json.features).toEqual([
      'border',
      'conditional-sum',
      'conv',
      'feed-forward',
      'fixed',
      'runtime-gain',
    ]);
  });

  it('numbers blocks in model order and gives each its own δ and sweeps', async () => {
    // The second block reads what the first one defines; both have a square map of the same shape.
    const square = { ...recipe, channels: [2, 3, 2], skip: 'identity' } as const;
    const [a, b] = [1, 2].map((seed) => randomBlockModel({ ...square, seed }));
    if (a === undefined || b === undefined) throw new Error('two blocks');
    const first = oneBlockModel({ ...a, id: 'block1', output: 'between' });
    const second = oneBlockModel({ ...b, id: 'block2', input: 'between' });
    const chained = { ...first, outputs: second.outputs, stages: [...first.stages, ...second.stages] };
    const { program, report } = await compileImported(chained, {
      delta: [0.1, 0.3],
      sweeps: [24, 49],
      burnIn: [0, 12],
    });
    const blocks = program.json.stages.filter((stage) => stage.kind === 'block');
    expect(blocks.map((block) => [block.id, block.index, block.gains[1]?.value, block.schedule.sweeps])).toEqual([
      ['block1', 0, 0.1, 24],
      ['block2', 1, 0.3, 49],
    ]);
    expect(blocks.map((block) => block.schedule.burnIn)).toEqual([0, 12]);
    expect(report.diagnostics.map((d) => [d.code, d.where])).toEqual([['even-samples', 'block1']]);
    const error = await compileImported(chained, { delta: [0.1] }).catch((thrown: unknown) => thrown);
    expect((error as InvalidRequestError).message).toContain('has 1 values, the model has 2 blocks');
  });

  it('changes δ without changing a stored number', async () => {
    const [a, b] = await Promise.all([0.1, 0.7].map((delta) => compileImported(oneBlockModel(model), { delta })));
    for (const [name, tensor] of a?.program.tensors ?? []) {
      expect(b?.program.tensors.get(name)?.data).toEqual(tensor.data);
    }
  });

  it('gives the same program for the same model and options', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => compileImported(oneBlockModel(randomBlockModel(recipe)))));
    expect(a?.program.hash).toBe(b?.program.hash);
  });

  it.each([
    ['an unknown option', { weightbits: 7 }, 'weightbits'],
    ['an unknown option inside input', { input: { dtype: 'u8', sd: 1 } }, 'input.sd'],
    ['weights of one bit', { weightBits: 1 }, 'weightBits'],
    ['weights of nine bits', { weightBits: 9 }, 'weightBits'],
    ['weight bits under the real law', { law: 'real', weightBits: 7 }, 'weightBits'],
    ['13 fraction bits', { fractionBits: 13 }, 'fractionBits'],
    ['δ of zero', { delta: 0 }, 'delta'],
    ['δ of NaN', { delta: Number.NaN }, 'delta'],
    ['two δ for one block', { delta: [0.1, 0.2] }, 'delta'],
    ['half a sweep', { sweeps: 1.5 }, 'sweeps'],
    ['a burn-in that leaves nothing', { sweeps: 10, burnIn: 10 }, 'burnIn'],
    ['a state readout', { readout: 'state' }, 'readout'],
  ])('is refused with %s, naming the option', async (_, options, where) => {
    const error = await refusal(options);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect((error as InvalidRequestError).where).toBe(where);
  });

  it('names every wrong option at once', async () => {
    const error = (await refusal({ law: 'analog', weightBits: 1, sweep: 3 })) as InvalidRequestError;
    expect(error.diagnostics.map((diagnostic) => diagnostic.where).sort()).toEqual(['law', 'sweep', 'weightBits']);
  });

  it('accepts the limits of every option', async () => {
    const limits = { weightBits: 2, fractionBits: 4, delta: 1e-3, sweeps: 1, burnIn: 0 };
    expect(await refusal(limits)).toBe('accepted');
    expect(await refusal({ weightBits: 8, fractionBits: 12, delta: 1 })).toBe('accepted');
  });

  it('stops with all errors of a pass in one InvalidModelError', async () => {
    const perPixel = {
      granularity: 'spin',
      scale: numbers(1).normal(60),
      shift: new Float64Array(60),
      nodes: ['Mul_7'],
    } as const;
    const error = (await refusal({}, { ...model, in: perPixel })) as InvalidModelError;
    expect(error).toBeInstanceOf(InvalidModelError);
    expect(error.where).toBe('Mul_7');
    expect(error.diagnostics.map((diagnostic) => diagnostic.code)).toEqual(['per-pixel-scale', 'per-pixel-scale']);
  });

  it.each([
    ['couplings too strong', 'multiplier-out-of-range', { scale: model.hidden.scale.map((a) => 3e4 * a) }],
    ['fields too large', 'field-too-large', { shift: model.hidden.shift.map((d) => 5e4 * d) }],
  ])('offers a remedy for %s under the fixed law, which then works', async (_, code, change) => {
    const strong = { ...model, hidden: { ...model.hidden, ...change } };
    const error = (await refusal({ fractionBits: 12 }, strong)) as InvalidModelError;
    expect(error).toBeInstanceOf(InvalidModelError);
    expect(error.diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
    expect(error.message).toContain('lower fractionBits');
    expect(await refusal({ fractionBits: 4 }, strong)).toBe('accepted');
  });

  it('warns of δ above 1, of even sample counts and of couplings too weak to matter', async () => {
    const weak = { ...model, k2Path: { ...model.k2Path, scale: Float64Array.of(1e-7) } };
    const { report } = await compileImported(oneBlockModel(weak), { delta: 1.5, sweeps: 24, burnIn: 6 });
    expect(report.diagnostics.map((d) => [d.severity, d.code, d.where])).toEqual([
      ['warning', 'delta-above-one', 'block1'],
      ['warning', 'even-samples', 'block1'],
      ['warning', 'inert-coupling', 'block1.k2'],
    ]);
    expect((report.diagnostics[2] as CompilerDiagnostic).related).toContain('K2');
  });

  it('leaves out a coupling of zeros and says so', async () => {
    const dead = { ...model, k3Path: { ...model.k3Path, scale: new Float64Array(2) } };
    const { program, report } = await compileImported(oneBlockModel(dead));
    expect(firstBlock(program).couplings.map((coupling) => coupling.id)).toEqual(['k1', 'k2']);
    expect(report.diagnostics.map((d) => d.code)).toEqual(['zero-coupling']);
  });

  it('rejects with the reason of an aborted signal, before and between passes', async () => {
    const reason = new Error('enough');
    await expect(compileImported(oneBlockModel(model), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const running = compileImported(oneBlockModel(model), { signal: controller.signal });
    controller.abort(reason);
    await expect(running).rejects.toBe(reason);
    await expect(
      compileImported(oneBlockModel(model), { signal: new AbortController().signal }),
    ).resolves.toBeDefined();
  });
});
