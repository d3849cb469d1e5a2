/** Ways of writing a block that all mean a block; each is judged by onnxruntime on the whole file. */
import { describe, expect, test } from 'vitest';
import { importOnnx } from '../src/import/import-onnx.ts';
import type { BlockModel, ImportedModel } from '../src/model/block-model.ts';
import { expectSame } from './support/expect-same.ts';
import { OnnxBuilder, rawTensor } from './support/onnx-builder.ts';
import { dice } from './support/random-block.ts';
import { runStages } from './support/run-stages.ts';

function numbers(seed: number, count: number, scale = 1): Float32Array {
  const random = dice(seed);
  return Float32Array.from({ length: count }, () => (random() * 2 - 1) * scale);
}

function blocksOf(model: ImportedModel): readonly BlockModel[] {
  return model.stages.flatMap((stage) => (stage.kind === 'block' ? [stage] : []));
}

function theBlock(model: ImportedModel): BlockModel {
  const [block, ...more] = blocksOf(model);
  expect(more).toEqual([]);
  if (block === undefined) throw new Error('no block');
  return block;
}

/** x [4, 5, 5] → conv [6, 3, 3] → tanh; what follows is the test's. */
function hiddenMap(b: OnnxBuilder): { x: string; u: string } {
  b.input('x', ['batch', 4, 5, 5]);
  const k1 = b.conv('x', { weights: numbers(1, 6 * 4 * 9, 0.4), shape: [6, 4, 3, 3], bias: numbers(2, 6) });
  return { x: 'x', u: b.tanh(k1) };
}

function signed(b: OnnxBuilder, z: string, shape: readonly number[]): Uint8Array {
  b.node('Sign', [z], {}, { outputs: ['y'] });
  return b.output('y', ['batch', ...shape]).bytes();
}

const binary = { binaryInputs: ['x'] };

describe('between convolutions and dense layers', () => {
  test('Flatten renames positions: the hidden bank keeps the shape of the map', async () => {
    const b = new OnnxBuilder();
    const { u } = hiddenMap(b);
    const z = b.gemm(b.flatten(u), numbers(3, 7 * 54), [7, 54], numbers(4, 7));
    const block = theBlock(await expectSame(signed(b, z, [7]), binary));
    expect(block.hiddenShape).toEqual([6, 3, 3]);
    expect(block.outputShape).toEqual([7]);
  });

  test('a Transpose before a dense layer permutes the columns of its matrix', async () => {
    const b = new OnnxBuilder();
    const { u } = hiddenMap(b);
    const moved = b.node('Transpose', [u], { perm: [0, 2, 3, 1] });
    const scaled = b.elementwise('Mul', moved, numbers(5, 6), [6]);
    const z = b.gemm(b.flatten(scaled), numbers(3, 7 * 54), [7, 54]);
    const block = theBlock(await expectSame(signed(b, z, [7]), binary));
    expect(block.hiddenShape).toEqual([6, 3, 3]);
    // The constant varies along the last axis of the transposed map: that is a channel of the bank.
    expect(block.mid.granularity).toBe('channel');
  });

  test('a dense layer can be followed by a convolution of its outputs under a shape', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 8]);
    const u = b.tanh(b.gemm('x', numbers(6, 18 * 8), [18, 8], numbers(7, 18)));
    const map = b.node('Reshape', [u, b.constant([-1, 2, 3, 3], [4], 'int64')]);
    const z = b.conv(map, { weights: numbers(8, 3 * 2 * 4), shape: [3, 2, 2, 2] });
    const block = theBlock(await expectSame(signed(b, z, [3, 2, 2]), binary));
    expect(block.hiddenShape).toEqual([2, 3, 3]);
    expect(block.k1.kind).toBe('dense');
  });

  test('a Transpose between them permutes the rows of the dense layer', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 8]);
    const z1 = b.elementwise('Add', b.gemm('x', numbers(6, 18 * 8), [18, 8]), numbers(9, 18), [18]);
    const map = b.node('Reshape', [b.tanh(z1), b.constant([0, 3, 3, 2], [4], 'int64')]);
    const moved = b.node('Transpose', [map], { perm: [0, 3, 1, 2] });
    const z = b.conv(moved, { weights: numbers(8, 3 * 2 * 4), shape: [3, 2, 2, 2] });
    const block = theBlock(await expectSame(signed(b, z, [3, 2, 2]), binary));
    expect(block.hiddenShape).toEqual([2, 3, 3]);
  });

  test('a Transpose between two convolutions has no shared kernel: no block', async () => {
    const b = new OnnxBuilder();
    const { u } = hiddenMap(b);
    const moved = b.node('Transpose', [u], { perm: [0, 1, 3, 2] }, { name: 'turn' });
    const z = b.conv(moved, { weights: numbers(8, 2 * 6), shape: [2, 6, 1, 1] });
    const model = signed(b, z, [2, 3, 3]);
    await expect(expectSame(model, binary)).rejects.toMatchObject({ code: 'invalid-model' });
  });

  test('a Transpose of axes of size 1 moves nothing', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 4, 1, 5]);
    const k1 = b.conv('x', { weights: numbers(1, 3 * 4), shape: [3, 4, 1, 1] });
    const u = b.node('Transpose', [b.node('Transpose', [b.tanh(k1)], { perm: [0, 2, 1, 3] })], { perm: [0, 2, 1, 3] });
    const z = b.conv(u, { weights: numbers(2, 2 * 3 * 3), shape: [2, 3, 1, 3] });
    theBlock(await expectSame(signed(b, z, [2, 1, 3]), binary));
  });

  test('a Sign after Flatten of a map is read in the shape of the map; the host flattens', async () => {
    const b = new OnnxBuilder();
    const { u } = hiddenMap(b);
    const z = b.conv(u, { weights: numbers(8, 2 * 6 * 4), shape: [2, 6, 2, 2] });
    const model = await expectSame(signed(b, b.flatten(z), [8]), binary);
    expect(theBlock(model).outputShape).toEqual([2, 2, 2]);
    expect(model.stages.map(({ id }) => id)).toEqual(['block1', 'decoder']);
  });

  test('a flat binary value is given its shape by the host before a convolution', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 20]);
    const map = b.node('Reshape', ['x', b.constant([-1, 5, 4], [3], 'int64')]);
    const x = b.elementwise('Mul', map, numbers(3, 5), [5, 1]);
    const u = b.tanh(b.conv(x, { weights: numbers(4, 3 * 5 * 2), shape: [3, 5, 2] }));
    const z = b.conv(u, { weights: numbers(5, 2 * 3), shape: [2, 3, 1] });
    const model = await expectSame(signed(b, z, [2, 3]), binary);
    expect(theBlock(model).inputShape).toEqual([5, 4]);
    expect(model.stages.map(({ kind }) => kind)).toEqual(['host', 'block']);
  });

  test('a flat binary value feeds a dense layer through Flatten without any host stage', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 3, 2, 2]);
    const flat = b.flatten(b.elementwise('Mul', 'x', numbers(3, 3), [3, 1, 1]));
    const u = b.tanh(b.gemm(flat, numbers(4, 5 * 12), [5, 12]));
    const z = b.gemm(u, numbers(5, 4 * 5), [4, 5]);
    const block = theBlock(await expectSame(signed(b, z, [4]), binary));
    expect(block.inputShape).toEqual([3, 2, 2]);
    expect(block.in.granularity).toBe('channel');
  });
});

describe('the sum of two paths', () => {
  const paths = (o: {
    readonly sum: 'Add' | 'Sub' | 'Sum';
    readonly swapped?: boolean;
    readonly skip: (b: OnnxBuilder, x: string) => string;
    readonly before?: (b: OnnxBuilder, x: string) => string;
  }) => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 4, 4, 4]);
    const x = o.before?.(b, 'x') ?? 'x';
    const u = b.tanh(b.conv(x, { weights: numbers(1, 6 * 4 * 9, 0.5), shape: [6, 4, 3, 3], pads: [1, 1, 1, 1] }));
    const main = b.conv(u, { weights: numbers(2, 4 * 6), shape: [4, 6, 1, 1], bias: numbers(3, 4) });
    const skip = o.skip(b, x);
    const z = b.node(o.sum, o.swapped ? [skip, main] : [main, skip]);
    return signed(b, z, [4, 4, 4]);
  };
  const affine = (b: OnnxBuilder, x: string) =>
    b.elementwise(
      'Add',
      b.elementwise(
        'Mul',
        x,
        numbers(4, 4).map((v) => v + Math.sign(v)),
        [4, 1, 1],
      ),
      numbers(5, 4),
      [4, 1, 1],
    );
  const conv1 = (b: OnnxBuilder, x: string) => b.conv(x, { weights: numbers(6, 16), shape: [4, 4, 1, 1] });

  test.for(['Add', 'Sub', 'Sum'] as const)('%s joins K2 and K3 in either order', async (sum) => {
    for (const swapped of [false, true]) {
      const block = theBlock(await expectSame(paths({ sum, swapped, skip: conv1, before: affine }), binary));
      expect(block.k3?.kind).toBe('conv');
    }
  });

  test('the identity of x′ is a K3', async () => {
    const model = paths({ sum: 'Add', skip: (_, x) => x, before: affine });
    const block = theBlock(await expectSame(model, binary));
    expect(block.k3?.kind).toBe('identity');
    expect(block.k3Path.scale).toEqual(Float64Array.of(1));
  });

  test('the identity of x itself is one too: A_in is undone behind it', async () => {
    const model = paths({ sum: 'Sub', skip: () => 'x', before: affine });
    const block = theBlock(await expectSame(model, binary));
    expect(block.k3?.kind).toBe('identity');
    expect(block.k3Path.granularity).toBe('channel');
  });

  test('a K3 without padding may read x through a map of its own', async () => {
    const model = paths({
      sum: 'Add',
      skip: (b) => conv1(b, b.elementwise('Add', 'x', numbers(9, 4), [4, 1, 1])),
      before: affine,
    });
    const block = theBlock(await expectSame(model, binary));
    expect(block.k3?.bias).not.toBeNull();
  });

  test('a K3 with padding may not, if the map has an offset', async () => {
    const padded = (b: OnnxBuilder, x: string) =>
      b.conv(x, { weights: numbers(6, 4 * 4 * 9), shape: [4, 4, 3, 3], pads: [1, 1, 1, 1] });
    const own = (b: OnnxBuilder) => padded(b, b.elementwise('Add', 'x', numbers(9, 4), [4, 1, 1]));
    await expect(expectSame(paths({ sum: 'Add', skip: own, before: affine }), binary)).rejects.toThrow(
      /K1 does not share/,
    );
    const scaled = (b: OnnxBuilder) => padded(b, b.elementwise('Mul', 'x', numbers(9, 4), [4, 1, 1]));
    theBlock(await expectSame(paths({ sum: 'Add', skip: scaled }), binary));
  });
});

describe('what does nothing, or little', () => {
  test('Identity, Cast between floats and Dropout in inference are passed over', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 6]);
    const x = b.node('Identity', [b.node('Cast', ['x'], { to: 1 })]);
    const u = b.node('Dropout', [
      b.tanh(b.gemm(x, numbers(1, 30), [5, 6])),
      b.constant([0.5], []),
      b.constant([0], [], 'bool'),
    ]);
    const z = b.node('Neg', [b.node('Dropout', [b.gemm(u, numbers(2, 20), [4, 5])])]);
    theBlock(await expectSame(signed(b, z, [4]), binary));
  });

  test('Gemm takes alpha, beta, an untransposed B and a scalar C; MatMul a constant on the right', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 6]);
    const z1 = b.node('Gemm', ['x', b.initializer(numbers(1, 30), [6, 5]), b.constant([0.3], [])], {
      alpha: { float: 0.5 },
      beta: { float: -2 },
    });
    const u = b.tanh(b.elementwise('Sub', z1, numbers(3, 5), [1, 5]));
    const z = b.node('Sub', [b.initializer(numbers(4, 4), [4]), b.matmul(u, numbers(2, 20), [5, 4])]);
    const block = theBlock(await expectSame(signed(b, z, [4]), binary));
    expect(block.k1.bias).toEqual(new Float64Array(5).fill(-2 * Math.fround(0.3)));
    expect(block.outputAffine.scale).toEqual(new Float64Array(4).fill(-1));
  });

  test.for([
    { dims: [], values: [0.7] },
    { dims: [1], values: [0.7] },
    { dims: [1, 1, 1, 1], values: [0.7] },
    { dims: [4, 1, 1], values: [0.7, -0.4, 0.2, 1] },
    { dims: [1, 4, 1, 1], values: [0.7, -0.4, 0.2, 1] },
    { dims: [4, 5, 5], values: Array<number>(100).fill(0.7) },
  ])('a constant of dims $dims broadcasts', async ({ dims, values }) => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 4, 5, 5]);
    const x = b.node('Mul', ['x', b.constant(values, dims)]);
    const u = b.tanh(b.conv(x, { weights: numbers(1, 24), shape: [6, 4, 1, 1] }));
    const z = b.conv(u, { weights: numbers(2, 12), shape: [2, 6, 1, 1] });
    const block = theBlock(await expectSame(signed(b, z, [2, 5, 5]), binary));
    expect(block.in.granularity).toBe(new Set(values).size === 1 ? 'scalar' : 'channel');
  });

  test('a constant per position is a map per spin', async () => {
    const b = new OnnxBuilder();
    const { u } = hiddenMap(b);
    const scaled = b.elementwise('Mul', u, numbers(4, 9), [3, 3]);
    const z = b.gemm(b.flatten(scaled), numbers(3, 7 * 54), [7, 54]);
    const block = theBlock(await expectSame(signed(b, z, [7]), binary));
    expect(block.mid.granularity).toBe('spin');
    expect(block.mid.scale).toHaveLength(54);
  });

  test.for(['SAME_UPPER', 'SAME_LOWER', 'VALID'])('auto_pad %s becomes numbers', async (autoPad) => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 2, 5, 6]);
    const u = b.tanh(b.conv('x', { weights: numbers(1, 3 * 2 * 8), shape: [3, 2, 2, 4], strides: [2, 1], autoPad }));
    const z = b.conv(u, { weights: numbers(2, 2 * 3), shape: [2, 3, 1, 1] });
    const block = theBlock(await expectSame(signed(b, z, autoPad === 'VALID' ? [2, 2, 3] : [2, 3, 6]), binary));
    if (block.k1.kind !== 'conv') return expect.fail();
    expect(block.k1.pads).toEqual({ SAME_UPPER: [0, 1, 1, 2], SAME_LOWER: [1, 2, 0, 1], VALID: [0, 0, 0, 0] }[autoPad]);
  });

  test('a shared initialiser is read by every layer that names it', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 6]);
    const shared = b.initializer(numbers(1, 36), [6, 6]);
    const z = b.node('MatMul', [b.tanh(b.node('MatMul', ['x', shared])), shared]);
    const block = theBlock(await expectSame(signed(b, z, [6]), binary));
    expect(block.k1.kind === 'dense' && block.k2.kind === 'dense' && block.k1.weights).toEqual(
      block.k2.kind === 'dense' && block.k2.weights,
    );
  });

  test('weights of float16 and double are widened exactly', async () => {
    for (const type of ['float16', 'double'] as const) {
      const b = new OnnxBuilder();
      b.input('x', ['batch', 2], type);
      const one = type === 'float16' ? 0x3c00 : 1;
      const third = type === 'float16' ? 0x3555 : 1 / 3;
      const w1 = b.initializer([one, third, third, one], [2, 2], { type });
      const w2 = b.initializer([third, one, one, one], [2, 2], { type });
      const z = b.node('MatMul', [b.tanh(b.node('MatMul', ['x', w1])), w2]);
      b.node('Sign', [z], {}, { outputs: ['y'] });
      b.output('y', ['batch', 2], type);
      const block = theBlock(await importOnnx(b.bytes(), binary));
      if (block.k1.kind !== 'dense') return expect.fail();
      expect(Array.from(block.k1.weights)).toEqual([
        1,
        ...Array(2).fill(type === 'float16' ? 0.333251953125 : 1 / 3),
        1,
      ]);
    }
  });

  test('an export for one batch size takes any: the host reshapes by the input', async () => {
    const b = new OnnxBuilder();
    b.input('image', [1, 2, 3, 3]);
    const x = b.sign(b.conv('image', { weights: numbers(1, 3 * 2 * 4), shape: [3, 2, 2, 2] }));
    const u = b.tanh(b.conv(x, { weights: numbers(2, 4 * 3), shape: [4, 3, 1, 1] }));
    const y = b.sign(b.conv(u, { weights: numbers(3, 2 * 4), shape: [2, 4, 1, 1] }));
    const flat = b.node('Reshape', [y, b.constant([1, 8], [2], 'int64')]);
    b.node('MatMul', [flat, b.initializer(numbers(4, 8 * 3), [8, 3])], {}, { outputs: ['scores'] });
    const model = b.output('scores', [1, 3]).bytes();
    const imported = await expectSame(model, { images: 1 });
    expect(imported.inputs[0]?.shape).toEqual(['batch', 2, 3, 3]);
    const { outputs } = await runStages(imported, [{ shape: [4, 2, 3, 3], data: numbers(9, 72) }]);
    expect(outputs.get('scores')).toHaveLength(12);
  });

  test('padding computed from shapes, and a Pad with axes, are absorbed', async () => {
    const b = new OnnxBuilder({ style: 'dynamo' });
    b.input('x', ['batch', 2, 4, 4]);
    const padded = b.node('Pad', ['x', b.constant([1, 2], [2], 'int64'), '', b.constant([-1], [1], 'int64')]);
    const u = b.tanh(b.conv(padded, { weights: numbers(1, 3 * 2 * 4), shape: [3, 2, 2, 2], pads: [1, 0, 0, 0] }));
    const z = b.conv(b.zeroPad(b.zeroPad(u, [0, 0, 1, 0]), [0, 1, 0, 0]), {
      weights: numbers(2, 2 * 3 * 4),
      shape: [2, 3, 2, 2],
    });
    const block = theBlock(await expectSame(signed(b, z, [2, 4, 6]), binary));
    if (block.k1.kind !== 'conv' || block.k2.kind !== 'conv') return expect.fail();
    expect([block.k1.pads, block.k2.pads]).toEqual([
      [1, 1, 0, 2],
      [0, 1, 1, 0],
    ]);
  });

  test('initialisers that are listed as inputs are constants', async () => {
    const b = new OnnxBuilder({ irVersion: 3 });
    b.input('x', ['batch', 3]);
    b.input('w', [3, 3]);
    b.addTensor(rawTensor('w', 'float', [3, 3], numbers(1, 9)));
    const z = b.node('MatMul', [b.tanh(b.node('MatMul', ['x', 'w'])), 'w']);
    const model = await expectSame(signed(b, z, [3]), binary);
    expect(model.inputs.map(({ name }) => name)).toEqual(['x']);
  });
});
