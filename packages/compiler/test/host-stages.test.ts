/** How a network is cut: what goes where and why, and that nothing changes by the cutting. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../src/import/import-onnx.ts';
import type { HostModel, ImportedModel } from '../src/model/block-model.ts';
import { expectSame } from './support/expect-same.ts';
import { OnnxBuilder } from './support/onnx-builder.ts';
import { runOnnx } from './support/onnxruntime.ts';
import { dice } from './support/random-block.ts';
import { runStages } from './support/run-stages.ts';

function numbers(seed: number, count: number, scale = 1): Float32Array {
  const random = dice(seed);
  return Float32Array.from({ length: count }, () => (random() * 2 - 1) * scale);
}

function hostsOf(model: ImportedModel): readonly HostModel[] {
  return model.stages.flatMap((stage) => (stage.kind === 'host' ? [stage] : []));
}

/** A dense block of n spins. */
function block(b: OnnxBuilder, x: string, n: number, seed: number, name?: string): string {
  const u = b.tanh(b.gemm(x, numbers(seed, n * n), [n, n], numbers(seed + 1, n)));
  const z = b.gemm(u, numbers(seed + 2, n * n), [n, n]);
  return b.node('Sign', [z], {}, name === undefined ? {} : { outputs: [name] });
}

function encoded(b: OnnxBuilder, n: number): string {
  return b.sign(b.gemm(b.input('image', ['batch', n]), numbers(90, n * n), [n, n]));
}

describe('the shipped network', () => {
  const path = new URL('../../../models/mnist-1block/mnist-1block.onnx', import.meta.url);

  test('is one block between an encoder and a decoder, and 97.7 % of its multiply-adds leave the host', async () => {
    const model = await importOnnx(await readFile(path));
    expect(model.stages.map(({ id }) => id)).toEqual(['encoder', 'block1', 'decoder']);
    expect(model.inputs).toEqual([{ name: 'image', dtype: 'f32', shape: ['batch', 1, 28, 28] }]);
    expect(model.outputs).toEqual([{ name: 'logits', dtype: 'f32', shape: ['batch', 10] }]);
    // In bounds: 5×5 stride 2 pad 2 over 28 → 14 touches 67 of 70 positions per axis; 3×3 stride 2 pad 1 over
    // 14 → 7 touches 20 of 21; 3×3 pad 1 over 7 touches 19 of 21.
    const encoder = 16 * 67 * 67;
    const k1 = 96 * 16 * 20 * 20;
    const k2 = 72 * 96 * 19 * 19;
    const k3 = 72 * 16 * 7 * 7;
    expect(hostsOf(model).map(({ multiplyAdds }) => multiplyAdds)).toEqual([encoder, 288 * 10]);
    expect(model.multiplyAdds).toBe(encoder + k1 + k2 + k3 + 288 * 10);
    expect(1 - (encoder + 288 * 10) / model.multiplyAdds).toBeCloseTo(0.977, 3);
  });

  test('gives stage by stage what the whole file gives', async () => {
    await expectSame(Uint8Array.from(await readFile(path)), { images: 4 });
  });

  test('takes pixels: the first host stage normalises them', async () => {
    const bytes = Uint8Array.from(await readFile(path));
    const input = { dtype: 'u8', scale: 1 / 255, mean: 0.1307, std: 0.3081 } as const;
    const model = await importOnnx(bytes, { input });
    expect(model.inputs).toEqual([{ name: 'image', dtype: 'u8', shape: ['batch', 1, 28, 28] }]);
    const random = dice(4);
    const pixels = Uint8Array.from({ length: 2 * 784 }, () => random() * 256);
    const shape = [2, 1, 28, 28];
    const staged = await runStages(model, [{ shape, data: pixels }]);
    const floats = Float32Array.from(pixels, (p) => (p / 255 - 0.1307) / 0.3081);
    const whole = await runOnnx(bytes, [{ shape, data: floats }]);
    expect(staged.margin).toBeGreaterThan(1e-5);
    const logits = staged.outputs.get('logits');
    whole.get('logits')?.data.forEach((v, i) => {
      expect(logits?.[i]).toBeCloseTo(v, 4);
    });
  });
});

describe('cutting', () => {
  test('blocks follow each other without a host stage where nothing lies between them', async () => {
    const b = new OnnxBuilder();
    const x = encoded(b, 5);
    const y = block(b, block(b, x, 5, 1), 5, 10);
    b.node('Softmax', [y], {}, { outputs: ['out'] });
    const model = await expectSame(b.output('out', ['batch', 5]).bytes());
    expect(model.stages.map(({ id }) => id)).toEqual(['encoder', 'block1', 'block2', 'decoder']);
  });

  test('what lies between two blocks is one stage before the second', async () => {
    const b = new OnnxBuilder();
    const y = block(b, encoded(b, 5), 5, 1);
    const middle = b.sign(b.node('Add', [b.node('Relu', [b.gemm(y, numbers(30, 25), [5, 5])]), b.node('Abs', [y])]));
    block(b, middle, 5, 10, 'out');
    const model = await expectSame(b.output('out', ['batch', 5]).bytes());
    expect(model.stages.map(({ id }) => id)).toEqual(['encoder', 'block1', 'host2', 'block2']);
    expect(model.outputs[0]?.dtype).toBe('spin');
  });

  test('parallel blocks share the stage in front; what joins them comes last', async () => {
    const b = new OnnxBuilder();
    const x = encoded(b, 5);
    const joined = b.node('Mul', [block(b, x, 5, 1), block(b, x, 5, 10)]);
    b.node('Add', [joined, 'image'], {}, { outputs: ['out'] });
    const model = await expectSame(b.output('out', ['batch', 5]).bytes());
    expect(model.stages.map(({ id }) => id)).toEqual(['encoder', 'block1', 'block2', 'decoder']);
    expect(hostsOf(model)[1]?.inputs).toContain('image');
  });

  test('a value of an early stage that a late one needs passes between them', async () => {
    const b = new OnnxBuilder();
    b.input('image', ['batch', 5]);
    const early = b.node('Relu', ['image']);
    const y = block(b, b.sign(b.gemm(early, numbers(90, 25), [5, 5])), 5, 1);
    b.node('Add', [y, early], {}, { outputs: ['out'] });
    const model = await expectSame(b.output('out', ['batch', 5]).bytes());
    const [encoder, decoder] = hostsOf(model);
    expect(encoder?.outputs).toContain(early);
    expect(decoder?.inputs).toContain(early);
  });

  test('a value inside a block that is needed outside is computed by the host as well', async () => {
    const b = new OnnxBuilder();
    const x = encoded(b, 4);
    const u = b.tanh(b.gemm(x, numbers(1, 16), [4, 4]));
    const y = b.sign(b.gemm(u, numbers(2, 16), [4, 4]));
    b.node('Add', [y, u], {}, { outputs: ['out'] });
    const model = await expectSame(b.output('out', ['batch', 4]).bytes());
    const decoder = hostsOf(model)[1];
    const tanh = decoder?.nodes.find((name) => name.includes('Tanh')) ?? '';
    expect(decoder?.reasons.get(tanh)).toContain('part of block1');
    // Counted once: the encoder and the two layers of the block.
    expect(model.multiplyAdds).toBe(3 * 16);
  });

  test('an output may be the signs of a block, a block’s input, and a host value at once', async () => {
    const b = new OnnxBuilder();
    const x = encoded(b, 4);
    const y = block(b, x, 4, 1);
    b.node('Exp', [y], {}, { outputs: ['out'] });
    b.output(x, ['batch', 4]).output(y, ['batch', 4]).output('out', ['batch', 4]);
    const model = await expectSame(b.bytes());
    expect(model.outputs.map(({ dtype }) => dtype)).toEqual(['f32', 'spin', 'f32']);
  });

  test('nodes that no output needs are left out', async () => {
    const b = new OnnxBuilder();
    const x = encoded(b, 4);
    b.node('Exp', [block(b, x, 4, 20)], {}, { name: 'unused' });
    block(b, x, 4, 1, 'out');
    const model = await expectSame(b.output('out', ['batch', 4]).bytes());
    expect(model.stages.map(({ id }) => id)).toEqual(['encoder', 'block2']);
  });

  test('shared constants are copied once into every stage that reads them', async () => {
    const b = new OnnxBuilder();
    b.input('image', ['batch', 4]);
    const big = b.initializer(numbers(1, 16), [4, 4], { name: 'shared' });
    const x = b.sign(b.node('MatMul', [b.node('MatMul', ['image', big]), big]));
    b.node('MatMul', [block(b, x, 4, 1), big], {}, { outputs: ['out'] });
    const model = await expectSame(b.output('out', ['batch', 4]).bytes());
    for (const host of hostsOf(model)) {
      const raw = Buffer.from(numbers(1, 16).buffer);
      const first = Buffer.from(host.onnx).indexOf(raw);
      expect(first).toBeGreaterThan(0);
      expect(Buffer.from(host.onnx).indexOf(raw, first + 1)).toBe(-1);
    }
  });

  test('every host node has a reason, and every Sign that ends no block its nearest miss', async () => {
    const b = new OnnxBuilder();
    const y = block(b, encoded(b, 4), 4, 1);
    b.node('Softmax', [y], {}, { name: 'soft', outputs: ['out'] });
    const model = await importOnnx(b.output('out', ['batch', 4]).bytes());
    const [encoder, decoder] = hostsOf(model);
    expect(encoder?.nodes.map((name) => encoder.reasons.get(name))).toEqual([
      'leads to `/net/Sign_2`, in which no block ends',
      'no block ends here: the input `image` stands where a Tanh is needed',
    ]);
    expect(decoder?.reasons.get('soft')).toBe('Softmax is not part of any block');
  });
});

describe('types between stages', () => {
  test('a network in double passes float32 between its stages', async () => {
    const b = new OnnxBuilder();
    b.input('image', ['batch', 3], 'double');
    const w = (seed: number) => b.initializer(numbers(seed, 9), [3, 3], { type: 'double' });
    const x = b.sign(b.node('MatMul', ['image', w(1)]));
    const y = b.sign(b.node('MatMul', [b.tanh(b.node('MatMul', [x, w(2)])), w(3)]));
    b.node('MatMul', [y, w(4)], {}, { outputs: ['out'] });
    const model = await importOnnx(b.output('out', ['batch', 3], 'double').bytes());
    expect([model.inputs[0]?.dtype, model.outputs[0]?.dtype]).toEqual(['f32', 'f32']);
    const { outputs } = await runStages(model, [{ shape: [2, 3], data: numbers(7, 6) }]);
    expect(outputs.get('out')).toHaveLength(6);
  });

  test('a value whose shape is not known may live inside a stage, but not leave it undeclared', async () => {
    const network = (declare: boolean) => {
      const b = new OnnxBuilder();
      const y = block(b, encoded(b, 4), 4, 1);
      const tiled = b.node('Tile', [y, b.constant([1, 2], [2], 'int64')]);
      b.node('Identity', [tiled], {}, { outputs: ['out'] });
      return b.output('out', declare ? ['batch', 8] : ['other', 8]).bytes();
    };
    const model = await expectSame(network(true));
    expect(model.outputs).toEqual([{ name: 'out', dtype: 'f32', shape: ['batch', 8] }]);
    await expect(importOnnx(network(false))).rejects.toMatchObject({ code: 'invalid-model' });
  });
});
