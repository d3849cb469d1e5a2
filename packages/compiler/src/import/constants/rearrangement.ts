/** Operators that create, move, cut and join the elements of constants. */
import { intAttribute, tensorAttribute } from '../../onnx/attributes.ts';
import { type Constant, constantOf, elementCount, integersOf } from '../../onnx/constant.ts';
import { permutationOf, sliceRange } from '../../onnx/shapes/movement.ts';
import { axisOf, shapeError } from '../../onnx/shapes/shape-rule.ts';
import { broadcast } from '../../onnx/shapes/value-type.ts';
import { broadcastIndices } from './arithmetic.ts';
import type { Evaluation, Evaluator } from './evaluation.ts';

const identity: Evaluator = ({ inputs: [a] }) => a;

function constant({ node, reserve }: Evaluation): Constant | undefined {
  const tensor = tensorAttribute(node, 'value');
  if (tensor !== undefined) return reserve(tensor.elements.length) ? constantOf(tensor) : undefined;
  const one = node.attributes.get('value_float') ?? node.attributes.get('value_int');
  if (one?.kind === 'float') return { type: 'float32', dims: [], numbers: Float64Array.of(one.value) };
  if (one?.kind === 'int') return { type: 'int64', dims: [], numbers: Float64Array.of(Number(one.value)) };
  const list = node.attributes.get('value_floats') ?? node.attributes.get('value_ints');
  if (list?.kind === 'floats') {
    return { type: 'float32', dims: [list.value.length], numbers: Float64Array.from(list.value) };
  }
  if (list?.kind === 'ints') {
    return { type: 'int64', dims: [list.value.length], numbers: Float64Array.from(list.value, Number) };
  }
  return undefined;
}

/** Sizes from a list of integers; undefined where one is the batch. */
function sizes({ node }: Evaluation, list: readonly number[] | undefined): readonly number[] | undefined {
  if (list === undefined || list.some((n) => Number.isNaN(n))) return undefined;
  if (list.some((n) => n < 0)) throw shapeError(node, `asks for the shape [${list}]`);
  return list;
}

function constantOfShape(evaluation: Evaluation): Constant | undefined {
  const { node, inputs, reserve } = evaluation;
  const dims = sizes(evaluation, integersOf(inputs[0]));
  if (dims === undefined || !reserve(elementCount(dims))) return undefined;
  const tensor = tensorAttribute(node, 'value');
  if (tensor === undefined) return { type: 'float32', dims, numbers: new Float64Array(elementCount(dims)) };
  const value = constantOf(tensor);
  return { type: value.type, dims, numbers: new Float64Array(elementCount(dims)).fill(value.numbers[0] ?? 0) };
}

/** The numbers of a result whose element i is element `from(i)` of `a`. */
function pick(a: Constant, dims: readonly number[], from: (i: number) => number): Constant {
  const numbers = new Float64Array(elementCount(dims));
  for (let i = 0; i < numbers.length; i++) numbers[i] = a.numbers[from(i)] ?? 0;
  return { type: a.type, dims, numbers };
}

/** Flat index in a tensor of `dims` of the element whose index along each axis is `at(axis, index in the result)`. */
function along(dims: readonly number[], result: readonly number[], at: (axis: number, index: number) => number) {
  return (flat: number): number => {
    let rest = flat;
    let index = 0;
    let stride = 1;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      const size = result[axis] ?? 1;
      index += at(axis, rest % size) * stride;
      rest = Math.floor(rest / size);
      stride *= dims[axis] ?? 1;
    }
    return index;
  };
}

function transpose({ node, inputs: [a], reserve }: Evaluation): Constant | undefined {
  if (a === undefined || !reserve(a.numbers.length)) return undefined;
  const perm = permutationOf(node, a.dims.length);
  const dims = perm.map((axis) => a.dims[axis] ?? 1);
  return pick(a, dims, permutedIndices(a.dims, perm));
}

/** Flat index before a transpose of the element with a flat index after it. */
export function permutedIndices(dims: readonly number[], perm: readonly number[]): (flat: number) => number {
  const strides = dims.map((_, axis) => elementCount(dims.slice(axis + 1)));
  const after = perm.map((axis) => ({ size: dims[axis] ?? 1, stride: strides[axis] ?? 0 })).reverse();
  return (flat) => {
    let rest = flat;
    let index = 0;
    for (const { size, stride } of after) {
      index += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return index;
  };
}

function slice({ node, inputs, reserve }: Evaluation): Constant | undefined {
  const [a] = inputs;
  const starts = integersOf(inputs[1]);
  const ends = integersOf(inputs[2]);
  if (a === undefined || starts === undefined || ends === undefined) return undefined;
  const axes = inputs[3] === undefined ? starts.map((_, i) => i) : (integersOf(inputs[3]) ?? []);
  const steps = inputs[4] === undefined ? starts.map(() => 1) : (integersOf(inputs[4]) ?? []);
  const dims = [...a.dims];
  const ranges = a.dims.map((size) => ({ first: 0, step: 1, count: size }));
  axes.forEach((given, i) => {
    const axis = axisOf(node, given, a.dims.length);
    const range = sliceRange(node, a.dims[axis] ?? 0, { start: starts[i], end: ends[i], step: steps[i] });
    ranges[axis] = range;
    dims[axis] = range.count;
  });
  if (!reserve(elementCount(dims))) return undefined;
  const at = (axis: number, index: number) => (ranges[axis]?.first ?? 0) + index * (ranges[axis]?.step ?? 1);
  return pick(a, dims, along(a.dims, dims, at));
}

function gather({ node, inputs: [a, indices], reserve }: Evaluation): Constant | undefined {
  if (a === undefined || indices === undefined) return undefined;
  const axis = axisOf(node, intAttribute(node, 'axis', 0), a.dims.length);
  const size = a.dims[axis] ?? 0;
  const rows = indices.numbers.map((n) => (n < 0 ? n + size : n));
  if (rows.some((n) => !(n >= 0 && n < size)))
    throw shapeError(node, `an index is outside the ${size} entries of its axis`);
  const dims = [...a.dims.slice(0, axis), ...indices.dims, ...a.dims.slice(axis + 1)];
  if (!reserve(elementCount(dims))) return undefined;
  const inner = elementCount(a.dims.slice(axis + 1));
  return pick(a, dims, (flat) => {
    const row = Math.floor(flat / inner);
    const outer = Math.floor(row / rows.length);
    return (outer * size + (rows[row % rows.length] ?? 0)) * inner + (flat % inner);
  });
}

function concat({ node, inputs, reserve }: Evaluation): Constant | undefined {
  const [first] = inputs;
  if (first === undefined) return undefined;
  const axis = axisOf(node, intAttribute(node, 'axis', 0), first.dims.length);
  let size = 0;
  for (const x of inputs) {
    const fits =
      x !== undefined &&
      x.type === first.type &&
      x.dims.length === first.dims.length &&
      x.dims.every((d, i) => i === axis || d === first.dims[i]);
    if (!fits) throw shapeError(node, 'joins constants that do not fit');
    size += x.dims[axis] ?? 0;
  }
  const dims = first.dims.with(axis, size);
  if (!reserve(elementCount(dims))) return undefined;
  const numbers = new Float64Array(elementCount(dims));
  const row = elementCount(dims.slice(axis));
  let column = 0;
  for (const x of inputs) {
    if (x === undefined) continue;
    const width = elementCount(x.dims.slice(axis));
    for (let from = 0, to = column; from < x.numbers.length; from += width, to += row) {
      numbers.set(x.numbers.subarray(from, from + width), to);
    }
    column += width;
  }
  return { type: first.type, dims, numbers };
}

function reshape({ node, inputs: [a, target] }: Evaluation): Constant | undefined {
  const list = integersOf(target);
  if (a === undefined || list === undefined || list.some((n) => Number.isNaN(n))) return undefined;
  const copyZero = intAttribute(node, 'allowzero', 0) === 0;
  const dims = list.map((n, i) => (n === 0 && copyZero ? (a.dims[i] ?? -2) : n));
  const hole = dims.indexOf(-1);
  const rest = dims.reduce((product, d) => (d === -1 ? product : product * d), 1);
  if (hole >= 0 && rest !== 0) dims[hole] = a.numbers.length / rest;
  if (dims.some((d) => !Number.isInteger(d) || d < 0) || elementCount(dims) !== a.numbers.length) {
    throw shapeError(node, `cannot give [${a.dims}] the shape [${list}]`);
  }
  return { ...a, dims };
}

function unsqueeze({ node, inputs: [a, axesInput] }: Evaluation): Constant | undefined {
  const given = integersOf(axesInput);
  if (a === undefined || given === undefined) return undefined;
  const rank = a.dims.length + given.length;
  const axes = new Set(given.map((axis) => axisOf(node, axis, rank)));
  if (axes.size !== given.length) throw shapeError(node, `axes [${given}] repeat`);
  let next = 0;
  return { ...a, dims: Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : (a.dims[next++] ?? 1))) };
}

function squeeze({ node, inputs: [a, axesInput] }: Evaluation): Constant | undefined {
  if (a === undefined) return undefined;
  const given = axesInput === undefined ? undefined : integersOf(axesInput);
  const axes = new Set(
    given?.map((axis) => axisOf(node, axis, a.dims.length)) ?? a.dims.flatMap((d, i) => (d === 1 ? [i] : [])),
  );
  for (const axis of axes) {
    if (a.dims[axis] !== 1) throw shapeError(node, `axis ${axis} of [${a.dims}] is not of size 1`);
  }
  return { ...a, dims: a.dims.filter((_, i) => !axes.has(i)) };
}

function expand(evaluation: Evaluation): Constant | undefined {
  const { node, inputs, reserve } = evaluation;
  const [a] = inputs;
  const target = sizes(evaluation, integersOf(inputs[1]));
  if (a === undefined || target === undefined) return undefined;
  const dims = broadcast(a.dims, target) as readonly number[] | undefined;
  if (dims === undefined) throw shapeError(node, `cannot expand [${a.dims}] to [${target}]`);
  if (!reserve(elementCount(dims))) return undefined;
  return pick(a, dims, broadcastIndices(a.dims, dims));
}

function flatten({ node, inputs: [a] }: Evaluation): Constant | undefined {
  if (a === undefined) return undefined;
  const given = intAttribute(node, 'axis', 1);
  const axis = given < 0 ? given + a.dims.length : given;
  return { ...a, dims: [elementCount(a.dims.slice(0, axis)), elementCount(a.dims.slice(axis))] };
}

function range({ inputs: [start, limit, delta], reserve }: Evaluation): Constant | undefined {
  const [a, b, d] = [start?.numbers[0], limit?.numbers[0], delta?.numbers[0]];
  if (start === undefined || a === undefined || b === undefined || d === undefined || d === 0) return undefined;
  const count = Math.max(0, Math.ceil((b - a) / d));
  if (!Number.isSafeInteger(count) || !reserve(count)) return undefined;
  return { type: start.type, dims: [count], numbers: Float64Array.from({ length: count }, (_, i) => a + i * d) };
}

function size({ inputs: [a] }: Evaluation): Constant | undefined {
  return a && { type: 'int64', dims: [], numbers: Float64Array.of(a.numbers.length) };
}

/** `Cast` of a list is arithmetic's; `Shape` is fold-constants.ts's, for it needs no constant. */
export const rearrangementEvaluators: ReadonlyMap<string, Evaluator> = new Map<string, Evaluator>([
  ['Identity', identity],
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['Transpose', transpose],
  ['Slice', slice],
  ['Gather', gather],
  ['Concat', concat],
  ['Reshape', reshape],
  ['Unsqueeze', unsqueeze],
  ['Squeeze', squeeze],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Range', range],
  ['Size', size],
]);
