/** Folded constants and inferred shapes, judged by onnxruntime on the same nodes. */
import { describe, expect, test } from 'vitest';
import { type AttributeValue, type ElementTypeName, OnnxBuilder } from '../../test/support/onnx-builder.ts';
import { runOnnx } from '../../test/support/onnxruntime.ts';
import { buildGraph } from '../onnx/graph.ts';
import { readModel } from '../onnx/read-model.ts';
import { type AnalysedGraph, foldConstants } from './fold-constants.ts';

async function analysed(b: OnnxBuilder): Promise<AnalysedGraph> {
  return foldConstants(buildGraph(await readModel({ model: b.bytes() })));
}

interface Given {
  readonly values: readonly number[];
  readonly dims: readonly number[];
  readonly type?: ElementTypeName;
}
const floats = (dims: readonly number[], values?: readonly number[]): Given => ({
  dims,
  values: values ?? Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => i * 0.37 - 1.1),
});
const ints = (values: readonly number[], dims: readonly number[] = [values.length]): Given => ({
  values,
  dims,
  type: 'int64',
});

interface Case {
  readonly op: string;
  readonly inputs: readonly (Given | null)[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
}

const cases: readonly Case[] = [
  { op: 'Identity', inputs: [floats([2, 3])] },
  { op: 'Add', inputs: [floats([2, 3]), floats([3])] },
  { op: 'Sub', inputs: [floats([2, 1, 3]), floats([4, 1])] },
  { op: 'Mul', inputs: [floats([2, 3]), floats([], [0.3])] },
  { op: 'Div', inputs: [floats([], [2]), floats([2, 2])] },
  { op: 'Div', inputs: [ints([7, -7, 9]), ints([2, 2, -4])] },
  { op: 'Add', inputs: [ints([2 ** 40, -5]), ints([1], [])] },
  { op: 'Pow', inputs: [floats([3], [1, 2, 3]), floats([], [2])] },
  { op: 'Min', inputs: [floats([2, 2]), floats([2])] },
  { op: 'Max', inputs: [floats([2, 2]), floats([2])] },
  { op: 'Neg', inputs: [floats([2, 2])] },
  { op: 'Abs', inputs: [floats([2, 3])] },
  { op: 'Sqrt', inputs: [floats([3], [0, 2, 9])] },
  { op: 'Reciprocal', inputs: [floats([3], [1, 3, -7])] },
  { op: 'Floor', inputs: [floats([5])] },
  { op: 'Ceil', inputs: [floats([5])] },
  { op: 'Cast', inputs: [floats([5])], attributes: { to: 7 } },
  { op: 'Cast', inputs: [ints([3, -4])], attributes: { to: 1 } },
  { op: 'Cast', inputs: [floats([3], [1 / 3, 1e-6, 70.03])], attributes: { to: 10 } },
  { op: 'Cast', inputs: [floats([3], [0, 0.2, -3])], attributes: { to: 9 } },
  { op: 'Transpose', inputs: [floats([2, 3, 4])] },
  { op: 'Transpose', inputs: [floats([2, 3, 4])], attributes: { perm: [1, 2, 0] } },
  { op: 'Reshape', inputs: [floats([2, 6]), ints([0, 3, -1])] },
  { op: 'Reshape', inputs: [floats([2, 6]), ints([-1])] },
  { op: 'Flatten', inputs: [floats([2, 3, 2])], attributes: { axis: 2 } },
  { op: 'Flatten', inputs: [floats([2, 3])], attributes: { axis: 0 } },
  { op: 'Squeeze', inputs: [floats([1, 3, 1])] },
  { op: 'Squeeze', inputs: [floats([1, 3, 1]), ints([-1])] },
  { op: 'Unsqueeze', inputs: [floats([3]), ints([0, -1])] },
  { op: 'Concat', inputs: [floats([2, 1]), floats([2, 3])], attributes: { axis: -1 } },
  { op: 'Concat', inputs: [ints([1]), ints([2, 3])], attributes: { axis: 0 } },
  { op: 'Slice', inputs: [floats([4, 5]), ints([1]), ints([3])] },
  { op: 'Slice', inputs: [floats([4, 5]), ints([-1]), ints([-9007199254740991]), ints([0]), ints([-1])] },
  { op: 'Slice', inputs: [floats([4, 5]), ints([0, 1]), ints([4, 1000]), ints([0, 1]), ints([2, 3])] },
  { op: 'Slice', inputs: [floats([4, 5]), ints([3]), ints([1]), ints([1])] },
  { op: 'Gather', inputs: [floats([4, 3]), ints([-1, 0], [2])] },
  { op: 'Gather', inputs: [floats([4, 3]), ints([2], [])], attributes: { axis: 1 } },
  { op: 'Expand', inputs: [floats([3, 1]), ints([2, 1, 4])] },
  { op: 'ConstantOfShape', inputs: [ints([2, 3])] },
  { op: 'ConstantOfShape', inputs: [ints([], [0])] },
  { op: 'Shape', inputs: [floats([4, 3, 2])] },
  { op: 'Shape', inputs: [floats([4, 3, 2])], attributes: { start: -2, end: 3 } },
  { op: 'Size', inputs: [floats([4, 3])] },
  { op: 'Range', inputs: [ints([2], []), ints([11], []), ints([3], [])] },
];

describe('a constant node has the value and the dims that onnxruntime gives it', () => {
  test.for(cases)('$op $inputs $attributes', async ({ op, inputs, attributes }) => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 1]);
    const names = inputs.map((given) => (given === null ? '' : b.constant(given.values, given.dims, given.type)));
    const value = b.node(op, names, attributes);
    // onnxruntime gives the result as float32 (exact for these integers); the input keeps it from being refused.
    b.node('Cast', [value], { to: 1 }, { outputs: ['result'] });
    b.node('Identity', ['x'], {}, { outputs: ['y'] });
    const graph = await analysed(b.output('result', []).output('y', ['batch', 1]));
    const results = await runOnnx(withoutOutputShape(b), [{ shape: [1, 1], data: Float32Array.of(0) }]);
    const expected = results.get('result');
    expect(graph.isConstant(value)).toBe(true);
    const own = graph.constant(value);
    expect(own?.dims).toEqual(expected?.dims);
    expect(Array.from(own?.numbers ?? [], Math.fround)).toEqual(Array.from(expected?.data ?? []));
  });
});

/** The bytes without a declared shape of the result, which onnxruntime would warn about. */
function withoutOutputShape(b: OnnxBuilder): Uint8Array {
  const [result] = b.outputs;
  if (result) result.type = { tensorType: { elemType: 1 } };
  return b.bytes();
}

const map = [2, 4, 7, 6] as const;
const shapes: readonly (Case & { readonly input: readonly number[] })[] = [
  {
    op: 'Conv',
    input: map,
    inputs: [floats([6, 2, 3, 2]), floats([6])],
    attributes: { group: 2, strides: [2, 1], pads: [1, 0, 0, 2], dilations: [1, 2] },
  },
  ...(['SAME_UPPER', 'SAME_LOWER', 'VALID'] as const).map((auto_pad) => ({
    ...{ op: 'Conv', input: map, inputs: [floats([3, 4, 3, 2])], attributes: { auto_pad, strides: [2, 3] } },
  })),
  { op: 'Conv', input: [2, 4, 9], inputs: [floats([3, 4, 2])], attributes: { dilations: [3] } },
  { op: 'AveragePool', input: map, inputs: [], attributes: { kernel_shape: [4, 3], strides: [3, 2] } },
  {
    op: 'AveragePool',
    input: map,
    inputs: [],
    attributes: { kernel_shape: [2, 2], strides: [2, 2], pads: [1, 1, 1, 1], ceil_mode: 1 },
  },
  { op: 'MaxPool', input: map, inputs: [], attributes: { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 } },
  { op: 'MaxPool', input: map, inputs: [], attributes: { kernel_shape: [2, 2], dilations: [2, 3] } },
  { op: 'GlobalAveragePool', input: map, inputs: [] },
  { op: 'Gemm', input: [2, 5], inputs: [floats([3, 5]), floats([3])], attributes: { transB: 1 } },
  { op: 'MatMul', input: map, inputs: [floats([6, 5])] },
  { op: 'MatMul', input: [2, 5], inputs: [floats([5])] },
  { op: 'ReduceMean', input: map, inputs: [], attributes: { axes: [2, -1], keepdims: 0 } },
  { op: 'ReduceSum', input: map, inputs: [ints([1])] },
  { op: 'ArgMax', input: map, inputs: [], attributes: { axis: 1 } },
  { op: 'Transpose', input: map, inputs: [], attributes: { perm: [0, 2, 3, 1] } },
  { op: 'Reshape', input: map, inputs: [ints([0, -1, 6])] },
  { op: 'Reshape', input: map, inputs: [ints([-1, 168])] },
  { op: 'Flatten', input: map, inputs: [] },
  { op: 'Flatten', input: map, inputs: [], attributes: { axis: -3 } },
  { op: 'Unsqueeze', input: map, inputs: [ints([2])] },
  { op: 'Squeeze', input: [2, 1, 3, 1], inputs: [ints([1, -1])] },
  { op: 'Slice', input: map, inputs: [ints([1, 0]), ints([100, -1]), ints([2, 3]), ints([2, 1])] },
  { op: 'Gather', input: map, inputs: [ints([3, 0, 1])], attributes: { axis: 1 } },
  { op: 'Pad', input: map, inputs: [ints([0, 0, 1, 2, 0, 0, 3, 0])] },
  { op: 'Expand', input: [2, 1, 3], inputs: [ints([1, 4, 1])] },
  { op: 'Split', input: map, inputs: [ints([1, 3])], attributes: { axis: 1 } },
  { op: 'Softmax', input: map, inputs: [] },
  { op: 'Clip', input: map, inputs: [floats([], [0]), floats([], [1])] },
  { op: 'Mul', input: map, inputs: [floats([4, 1, 1])] },
  { op: 'Add', input: [2, 1, 3], inputs: [floats([5, 1])] },
  { op: 'Greater', input: map, inputs: [floats([], [0])] },
];

describe('a value has the shape that onnxruntime gives it', () => {
  test.for(shapes)(
    '$op of $input with $inputs.length constants, $attributes',
    async ({ op, input, inputs, attributes }) => {
      const b = new OnnxBuilder();
      b.input('x', ['batch', ...input.slice(1)]);
      const names = inputs.map((given) => (given === null ? '' : b.constant(given.values, given.dims, given.type)));
      const value = b.node(op, ['x', ...names], attributes, op === 'Split' ? { outputs: ['first', 'second'] } : {});
      b.node('Cast', [value], { to: 1 }, { outputs: ['result'] });
      const graph = await analysed(b.output('result', []));
      const length = input.reduce((a, c) => a * c, 1);
      const images = input[0] ?? 1;
      const results = await runOnnx(withoutOutputShape(b), [{ shape: input, data: new Float32Array(length) }]);
      const shape = graph.typeOf(value)?.shape.map((d) => (d === 'batch' ? images : d));
      expect(shape).toEqual(results.get('result')?.dims);
      expect(graph.typeOf(value)?.shape[0]).toBe('batch');
    },
  );
});

describe('the batch', () => {
  test('a shape that is computed from a shape stays known, with the batch in its place', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 4, 3, 3]);
    const shape = b.node('Shape', ['x']);
    const batch = b.node('Gather', [shape, b.constant([0], [], 'int64')], { axis: 0 });
    const target = b.node(
      'Concat',
      [b.node('Unsqueeze', [batch, b.constant([0], [1], 'int64')]), b.constant([36], [1], 'int64')],
      { axis: 0 },
    );
    b.node('Reshape', ['x', target], {}, { outputs: ['y'] });
    const graph = await analysed(b.output('y', ['batch', 36]));
    expect(graph.typeOf('y')?.shape).toEqual(['batch', 36]);
    // Known, but not constant: the node that computes it must run.
    expect(graph.isConstant(target)).toBe(false);
  });

  test('arithmetic with the batch is not followed: it stays with the runtime', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 4]);
    const batch = b.node('Gather', [b.node('Shape', ['x']), b.constant([0], [1], 'int64')], { axis: 0 });
    const twice = b.node('Mul', [batch, b.constant([2], [1], 'int64')]);
    b.node(
      'Reshape',
      ['x', b.node('Concat', [twice, b.constant([2], [1], 'int64')], { axis: 0 })],
      {},
      { outputs: ['y'] },
    );
    const graph = await analysed(b.output('y', ['twice', 2]));
    expect(graph.isConstant(twice)).toBe(false);
    expect(graph.typeOf('y')).toBeUndefined();
  });
});

describe('bounds', () => {
  const huge = (dims: readonly number[]) => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 1]);
    const value = b.node('ConstantOfShape', [b.constant(dims, [dims.length], 'int64')]);
    b.node('Identity', ['x'], {}, { outputs: ['y'] });
    return { b: b.output('y', ['batch', 1]), value };
  };

  test('a constant of a gigabyte is not made: the node stays a node', async () => {
    const { b, value } = huge([2 ** 14, 2 ** 14]);
    const graph = await analysed(b);
    expect(graph.isConstant(value)).toBe(false);
    expect(graph.typeOf(value)?.shape).toEqual([2 ** 14, 2 ** 14]);
    const small = huge([2 ** 9, 2 ** 9]);
    expect((await analysed(small.b)).isConstant(small.value)).toBe(true);
  });

  test('many small ones share one budget', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 1]);
    const values = Array.from({ length: 8 }, () => b.node('ConstantOfShape', [b.constant([2 ** 18], [1], 'int64')]));
    b.node('Identity', ['x'], {}, { outputs: ['y'] });
    const graph = await analysed(b.output('y', ['batch', 1]));
    const made = values.filter((value) => graph.isConstant(value)).length;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(values.length);
  });

  test('a value with more elements than numbers can count is refused by the name of its node', async () => {
    await expect(analysed(huge([2 ** 30, 2 ** 30]).b)).rejects.toMatchObject({ code: 'invalid-model' });
  });

  test('integers beyond 2^53 are not folded into host constants', async () => {
    const b = new OnnxBuilder();
    b.input('x', ['batch', 1]);
    const end = b.node('Constant', [], { value_int: Number.MAX_SAFE_INTEGER });
    const large = b.node('Unsqueeze', [b.node('Mul', [end, end]), b.constant([0], [1], 'int64')]);
    b.node('Identity', ['x'], {}, { outputs: ['y'] });
    const graph = await analysed(b.output('y', ['batch', 1]));
    expect(graph.isConstant(end)).toBe(true);
    expect(graph.isConstant(large)).toBe(false);
  });
});
