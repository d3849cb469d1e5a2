/** What has no Ising form: the error names the node, and what would be needed in its place. */
import { isIsinglassError } from '@isinglass/sdk';
import { describe, expect, test } from 'vitest';
import { type ImportOptions, importOnnx } from '../src/import/import-onnx.ts';
import { OnnxBuilder } from './support/onnx-builder.ts';

/** x → Gemm k1 → activation → Gemm k2 → Sign, with one thing changed. */
function network(
  o: {
    readonly activation?: string;
    readonly binary?: (b: OnnxBuilder, image: string) => string;
    readonly k1?: (b: OnnxBuilder, x: string) => string;
    readonly k2?: (b: OnnxBuilder, u: string) => string;
    readonly end?: string;
    readonly inputShape?: readonly (number | string)[];
  } = {},
): Uint8Array {
  const b = new OnnxBuilder();
  b.input('image', o.inputShape ?? ['batch', 3]);
  const x = o.binary?.(b, 'image') ?? b.node('Sign', ['image'], {}, { name: 'encode' });
  const weights = Array<number>(9).fill(0.5);
  const z1 = o.k1?.(b, x) ?? b.gemm(x, weights, [3, 3]);
  const u = b.node(o.activation ?? 'Tanh', [z1], {}, { name: 'activation' });
  const z2 = o.k2?.(b, u) ?? b.gemm(u, weights, [3, 3]);
  b.node(o.end ?? 'Sign', [z2], {}, { name: 'end', outputs: ['y'] });
  return b.output('y', ['batch', 3]).bytes();
}

async function refusal(model: Uint8Array, o: ImportOptions = {}) {
  const error: unknown = await importOnnx(model, o).then(
    () => new Error('it was accepted'),
    (e: unknown) => e,
  );
  if (!isIsinglassError(error)) throw error;
  return error;
}

test('the network that the refused ones differ from is accepted', async () => {
  const model = await importOnnx(network());
  expect(model.stages.map(({ id }) => id)).toEqual(['encoder', 'block1']);
});

describe('the nearest miss is named', () => {
  test.for([
    { change: 'a Relu for the Tanh', o: { activation: 'Relu' }, says: '`activation` stands where a Tanh is needed' },
    {
      change: 'no Sign in front',
      o: { binary: (b: OnnxBuilder, x: string) => b.node('Relu', [x], {}, { name: 'clip' }) },
      says: '`clip` stands where a Sign (a binary value) is needed',
    },
    {
      change: 'the image itself in front',
      o: { binary: (_: OnnxBuilder, x: string) => x },
      says: 'the input `image` stands where a Sign (a binary value) is needed',
    },
    {
      change: 'no K1',
      o: { k1: (_: OnnxBuilder, x: string) => x },
      says: '`encode` stands where a Conv, Gemm or MatMul (K1) is needed',
    },
    {
      change: 'a Softmax for K2',
      o: { k2: (b: OnnxBuilder, u: string) => b.node('Softmax', [u], {}, { name: 'soft' }) },
      says: '`soft` stands where a Conv, Gemm or MatMul (K2), or the sum of two paths, is needed',
    },
    {
      change: 'weights that a node computes',
      o: {
        k2: (b: OnnxBuilder, u: string) => {
          const weights = b.node('Relu', [b.initializer(Array(9).fill(1), [3, 3])], {}, { name: 'clip' });
          return b.node('MatMul', [u, weights], {}, { name: 'mm' });
        },
      },
      says: '`mm` has weights that are not constant: `clip` computes them',
    },
    {
      change: 'a constant on the left',
      o: {
        k1: (b: OnnxBuilder, x: string) => {
          const columns = b.node('Transpose', [x], { perm: [1, 0] });
          const product = b.node('MatMul', [b.initializer(Array(9).fill(1), [3, 3]), columns], {}, { name: 'left' });
          return b.node('Transpose', [product], { perm: [1, 0] });
        },
      },
      says: '`left` has its constant on the left',
    },
    {
      change: 'a multiplication by another value',
      o: { k2: (b: OnnxBuilder, u: string) => b.node('Mul', [u, u], {}, { name: 'square' }) },
      says: '`square` stands where a Conv, Gemm or MatMul (K2), or the sum of two paths, is needed',
    },
    {
      change: 'Tanh at the end of a sum whose other path is no layer',
      o: {
        k2: (b: OnnxBuilder, u: string) =>
          b.add(b.gemm(u, Array(9).fill(1), [3, 3]), b.node('Exp', [u], {}, { name: 'exp' })),
      },
      says: '`exp` stands where a Conv, Gemm or MatMul (K3), or the input of K1, is needed',
    },
  ])('$change', async ({ o, says }) => {
    const error = await refusal(network(o));
    expect(error.code).toBe('invalid-model');
    expect(error.message).toContain(says);
  });

  /** Nodes that are passed over in one form and stand in the way in another; the other form is the control. */
  const scaled = (b: OnnxBuilder, x: string) => b.gemm(x, Array(9).fill(0.5), [3, 3]);
  const three = (b: OnnxBuilder, v: number) => b.initializer([v, v, v], [3]);
  const normalised = (b: OnnxBuilder, x: string, training: number) =>
    b.node(
      'BatchNormalization',
      [scaled(b, x), three(b, 1), three(b, 0), three(b, 0), three(b, 1)],
      { training_mode: training },
      { name: 'norm' },
    );
  const dropped = (b: OnnxBuilder, x: string, training: number) =>
    b.node('Dropout', [scaled(b, x), b.constant([0.5], []), b.constant([training], [], 'bool')], {}, { name: 'drop' });
  const divided = (b: OnnxBuilder, x: string, reciprocal: boolean) => {
    const [z, two] = [scaled(b, x), b.constant([2], [])];
    return b.node('Div', reciprocal ? [two, z] : [z, two], {}, { name: 'div' });
  };
  const cast = (b: OnnxBuilder, x: string, whole: boolean) => {
    const inner = b.node('Cast', [scaled(b, x)], { to: whole ? 6 : 11 }, { name: 'cast' });
    return b.node('Cast', [inner], { to: 1 }, { name: 'widen' });
  };
  const biased = (b: OnnxBuilder, x: string, computed: boolean) => {
    const c = computed ? b.node('Exp', [x]) : b.initializer([1, 1, 1], [1, 3]);
    return b.node('Gemm', [x, b.initializer(Array(9).fill(0.5), [3, 3]), c], {}, { name: 'gemm' });
  };
  test.for([
    {
      node: 'batch normalisation in training',
      k1: (b: OnnxBuilder, x: string) => normalised(b, x, 1),
      control: (b: OnnxBuilder, x: string) => normalised(b, x, 0),
      says: '`norm` stands where a Conv, Gemm or MatMul (K1) is needed',
    },
    {
      node: 'Dropout in training',
      k1: (b: OnnxBuilder, x: string) => dropped(b, x, 1),
      control: (b: OnnxBuilder, x: string) => dropped(b, x, 0),
      says: '`drop` stands where a Conv, Gemm or MatMul (K1) is needed',
    },
    {
      node: 'a reciprocal',
      k1: (b: OnnxBuilder, x: string) => divided(b, x, true),
      control: (b: OnnxBuilder, x: string) => divided(b, x, false),
      says: '`div` stands where a Conv, Gemm or MatMul (K1) is needed',
    },
    {
      node: 'a Cast that rounds',
      k1: (b: OnnxBuilder, x: string) => cast(b, x, true),
      control: (b: OnnxBuilder, x: string) => cast(b, x, false),
      says: '`widen` stands where a Conv, Gemm or MatMul (K1) is needed',
    },
    {
      node: 'a bias that is computed',
      k1: (b: OnnxBuilder, x: string) => biased(b, x, true),
      control: (b: OnnxBuilder, x: string) => biased(b, x, false),
      says: '`gemm` adds something that is not constant, or not one number per output',
    },
  ])('$node', async ({ k1, control, says }) => {
    expect((await refusal(network({ k1 }))).message).toContain(says);
    expect((await importOnnx(network({ k1: control }))).stages.map(({ id }) => id)).toContain('block1');
  });

  test.each([
    ['reflected', { mode: 'reflect' }, 0, 1],
    ['filled with ones', { mode: 'constant' }, 1, 1],
    ['negative: it crops', { mode: 'constant' }, 0, -1],
  ])('a padding that is %s', async (_, attributes, value, width) => {
    const padded = (o: {
      readonly attributes: { readonly mode: string };
      readonly value: number;
      readonly width: number;
    }) => {
      const b = new OnnxBuilder();
      const amounts = b.constant([0, 0, o.width, 0, 0, o.width], [6], 'int64');
      const x = b.node('Pad', [b.input('x', ['batch', 1, 6]), amounts, b.constant([o.value], [])], o.attributes, {
        name: 'pad',
      });
      const u = b.tanh(b.conv(x, { weights: [1, 1, 1], shape: [1, 1, 3] }));
      b.node('Sign', [b.conv(u, { weights: [1], shape: [1, 1, 1] })], {}, { outputs: ['y'] });
      return b.output('y', ['batch', 1, 4 + 2 * o.width]).bytes();
    };
    const error = await refusal(padded({ attributes, value, width }), { binaryInputs: ['x'] });
    expect(error.message).toContain('`pad` is not a constant zero padding of the map');
    const zeros = padded({ attributes: { mode: 'constant' }, value: 0, width: 1 });
    expect((await importOnnx(zeros, { binaryInputs: ['x'] })).stages.map(({ id }) => id)).toEqual(['block1']);
  });

  test('a Gemm that transposes its input', async () => {
    const gemm = (transA: number) => (b: OnnxBuilder, x: string) =>
      b.node('Gemm', [x, b.initializer(Array(9).fill(0.5), [3, 3])], { transA }, { name: 'gemm' });
    // Also where a file has three images of three numbers: any batch is meant.
    for (const inputShape of [
      ['batch', 3],
      [3, 3],
    ]) {
      const error = await refusal(network({ inputShape, k1: gemm(1) }));
      expect(error).toMatchObject({ code: 'invalid-model', where: 'gemm' });
      expect(error.message).toContain('[batch, 3], transposed (transA), times [3, 3]: inner sizes differ');
      await importOnnx(network({ inputShape, k1: gemm(0) }));
    }
  });

  test('each Sign has a diagnostic of its own', async () => {
    const error = await refusal(network({ activation: 'Relu' }));
    expect(error.diagnostics.map(({ code, where }) => [code, where])).toEqual([
      ['nearest-miss', 'image'],
      ['nearest-miss', 'activation'],
    ]);
  });

  test('a model without a Sign is told that a block ends in one', async () => {
    const error = await refusal(network({ end: 'Tanh', binary: (b, x) => b.node('Tanh', [x]) }));
    expect(error.message).toContain('it has no Sign');
    expect(error.diagnostics).toEqual([]);
  });

  test('a block that no output needs is no block', async () => {
    const b = new OnnxBuilder();
    const x = b.sign(b.input('image', ['batch', 3]));
    b.sign(b.gemm(b.tanh(b.gemm(x, Array(9).fill(1), [3, 3])), Array(9).fill(1), [3, 3]));
    b.node('Relu', ['image'], {}, { outputs: ['y'] });
    const error = await refusal(b.output('y', ['batch', 3]).bytes());
    expect(error.message).toContain('no output of the model depends on a thermodynamic block');
  });
});

describe('numbers', () => {
  const withWeights = (weights: readonly number[]) =>
    network({
      k1: (b, x) => b.node('MatMul', [x, b.initializer(weights, [3, 3], { name: 'k1.weight' })], {}, { name: 'k1' }),
    });

  test('NaN among the weights names the tensor', async () => {
    const error = await refusal(withWeights([0, 1, 2, 3, Number.NaN, 5, 6, 7, 8]));
    expect(error).toMatchObject({ code: 'invalid-model', where: 'k1.weight' });
    expect(error.message).toContain('`k1.weight` holds NaN (element 4 of 9)');
  });

  test('infinity among the weights of a block names the tensor and the node', async () => {
    const error = await refusal(withWeights([0, 1, 2, 3, 4, 5, 6, 7, Number.NEGATIVE_INFINITY]));
    expect(error).toMatchObject({ code: 'invalid-model', where: 'k1.weight' });
    expect(error.message).toContain('read by `k1`, holds -Infinity (element 8)');
  });

  test('the largest float32 is a weight like any other', async () => {
    await importOnnx(withWeights([0, 1, 2, 3, 4, 5, 6, 7, 3.4028234663852886e38]));
  });

  test('a division by zero names the node', async () => {
    const zero = network({
      k1: (b, x) => b.gemm(b.node('Div', [x, b.constant([0], [])], {}, { name: 'div' }), Array(9).fill(1), [3, 3]),
    });
    expect(await refusal(zero)).toMatchObject({ code: 'invalid-model', where: 'div' });
  });

  test('a variance that leaves no square root names the normalisation', async () => {
    const norm = (variance: number) =>
      network({
        k1: (b, x) => {
          const c = (v: number) => b.initializer([v, v, v], [3]);
          const parameters = [c(1), c(0), c(0), c(variance)];
          return b.node(
            'BatchNormalization',
            [b.gemm(x, Array(9).fill(1), [3, 3]), ...parameters],
            { epsilon: { float: 1e-5 } },
            { name: 'norm' },
          );
        },
      });
    expect(await refusal(norm(-1))).toMatchObject({ code: 'invalid-model', where: 'norm' });
    await importOnnx(norm(0));
  });
});

describe('shapes', () => {
  test('only the batch of an input may be dynamic', async () => {
    const map = (shape: readonly (number | string)[]) => {
      const b = new OnnxBuilder();
      const x = b.sign(b.input('image', shape));
      const u = b.tanh(b.conv(x, { weights: [1, 1], shape: [2, 1, 1, 1] }));
      b.node('Sign', [b.conv(u, { weights: [1, 1], shape: [1, 2, 1, 1] })], {}, { outputs: ['y'] });
      return b.output('y', ['batch', 1, 'h', 'w']).bytes();
    };
    const error = await refusal(map(['batch', 1, 'height', 4]));
    expect(error).toMatchObject({ code: 'invalid-model', where: 'image' });
    expect(error.message).toContain('axis 2 of input `image` has the size height');
    await importOnnx(map(['batch', 1, 4, 4]));
  });

  test('the batch must not be mixed into another axis', async () => {
    const reshaped = (shape: readonly number[]) =>
      network({
        binary: (b, x) =>
          b.sign(b.node('Reshape', [x, b.constant(shape, [shape.length], 'int64')], {}, { name: 'mix' })),
      });
    const error = await refusal(reshaped([1, -1]));
    expect(error).toMatchObject({ code: 'invalid-model', where: 'mix' });
    await importOnnx(reshaped([-1, 3]));
  });

  test('sizes that do not fit name the node', async () => {
    const error = await refusal(
      network({ k1: (b, x) => b.node('Gemm', [x, b.initializer(Array(12).fill(1), [4, 3])], {}, { name: 'wide' }) }),
    );
    expect(error).toMatchObject({ code: 'invalid-model', where: 'wide' });
  });

  test('a bank above 4 Mi spins is refused, one at it is not', async () => {
    const wide = (size: number) => {
      const b = new OnnxBuilder();
      b.input('x', ['batch', 1, size]);
      const u = b.tanh(b.conv('x', { weights: [1], shape: [1, 1, 1] }));
      b.node('Sign', [b.conv(u, { weights: [1], shape: [1, 1, 1] })], {}, { outputs: ['y'] });
      return b.output('y', ['batch', 1, size]).bytes();
    };
    expect((await refusal(wide(2 ** 22 + 1), { binaryInputs: ['x'] })).message).toContain('4194305 spins');
    await importOnnx(wide(2 ** 22), { binaryInputs: ['x'] });
  });

  test('convolutions over three axes are not blocks', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 1, 2, 2, 2]);
    const u = b.tanh(b.conv('x', { weights: [1], shape: [1, 1, 1, 1, 1] }));
    b.node('Sign', [b.conv(u, { weights: [1], shape: [1, 1, 1, 1, 1] })], {}, { outputs: ['y'] });
    const error = await refusal(b.output('y', ['batch', 1, 2, 2, 2]).bytes(), { binaryInputs: ['x'] });
    expect(error.message).toContain('is a convolution over 3 axes');
  });
});

describe('options', () => {
  test('a binary input must exist', async () => {
    expect(await refusal(network(), { binaryInputs: ['nothing'] })).toMatchObject({ code: 'invalid-request' });
    await importOnnx(network(), { binaryInputs: ['image'] });
  });

  test('pixels have as many means as the input has channels, and a deviation that is not zero', async () => {
    const pixels = (mean: readonly number[], std: number) => ({ input: { dtype: 'u8', mean, std } }) as const;
    for (const o of [pixels([0.5, 0.5], 1), pixels([0.5, 0.5, 0.5], 0), pixels([Number.NaN, 0, 0], 1)]) {
      expect(await refusal(network(), o)).toMatchObject({ code: 'invalid-request' });
    }
    await importOnnx(network(), pixels([0.5, 0.5, 0.5], 1));
  });

  test('an aborted import rejects with the reason', async () => {
    const reason = new Error('enough');
    await expect(importOnnx(network(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
