/** Shapes of operators that move, cut, join or create elements. */
import { intAttribute, intsAttribute, tensorAttribute } from '../attributes.ts';
import { integersOf } from '../constant.ts';
import { axisOf, type ShapeInputs, type ShapeRule, shapeError, staticSize } from './shape-rule.ts';
import { broadcast, countOf, type Dim, formatShape, type Shape } from './value-type.ts';

/** A computed shape as dims: NaN is the batch. Undefined where it is not known. */
function dimsOf({ node, constant }: ShapeInputs, i: number): readonly Dim[] | undefined {
  return integersOf(constant(i))?.map((n) => {
    if (Number.isNaN(n)) return 'batch';
    if (!(n >= -1 && n < 2 ** 31)) throw shapeError(node, `asks for a size of ${n}`);
    return n;
  });
}

const reshape: ShapeRule = (inputs) => {
  const { node, type, fixedBatch } = inputs;
  const x = type(0);
  const target = dimsOf(inputs, 1);
  if (x === undefined || target === undefined) return [undefined];
  const copyZero = intAttribute(node, 'allowzero', 0) === 0;
  const shape = target.map((d, i): Dim => {
    if (d !== 0 || !copyZero) return d;
    const copied = x.shape[i];
    if (copied === undefined) throw shapeError(node, `copies axis ${i} of ${formatShape(x.shape)}`);
    return copied;
  });
  return [{ type: x.type, shape: resolveReshape(inputs, x.shape, shape, fixedBatch) }];
};

/** Puts the size for −1. The batch, being unknown, must be carried over as it is, never multiplied into another size. */
function resolveReshape(
  { node }: ShapeInputs,
  from: Shape,
  to: readonly Dim[],
  fixedBatch: number | undefined,
): readonly Dim[] {
  const hole = to.indexOf(-1);
  const rest = to.reduce<number>((product, d) => (d === 'batch' || d === -1 ? product : product * d), 1);
  const count = countOf(from);
  const mismatch = () => shapeError(node, `cannot give ${formatShape(from)} the shape ${formatShape(to)}`);
  if (to.indexOf(-1, hole + 1) > hole && hole >= 0) throw mismatch();
  const batches = (shape: Shape) => shape.filter((d) => d === 'batch').length;
  if (batches(from) === batches(to)) {
    if (hole < 0) {
      if (rest !== count) throw mismatch();
      return to;
    }
    if (rest === 0 || count % rest !== 0) throw mismatch();
    return to.with(hole, count / rest);
  }
  if (batches(from) === 1 && batches(to) === 0) {
    if (hole >= 0 && rest === count) return to.with(hole, 'batch');
    // An export for one batch size: the size stands where the batch is meant, in front.
    if (fixedBatch !== undefined && to[0] === fixedBatch) {
      return resolveReshape({ node } as ShapeInputs, from, to.with(0, 'batch'), undefined);
    }
  }
  throw shapeError(
    node,
    `the shape ${formatShape(to)} mixes the batch of ${formatShape(from)} into another axis: only the first axis may be dynamic`,
  );
}

const flatten: ShapeRule = ({ node, type }) => {
  const x = type(0);
  if (x === undefined) return [undefined];
  const rank = x.shape.length;
  const given = intAttribute(node, 'axis', 1);
  const axis = given < 0 ? given + rank : given;
  if (!(axis >= 0 && axis <= rank)) throw shapeError(node, `axis ${given} is outside a value of rank ${rank}`);
  const join = (part: Shape): Dim => {
    if (!part.includes('batch')) return countOf(part);
    if (countOf(part) !== 1) throw shapeError(node, `joins the batch of ${formatShape(x.shape)} with other axes`);
    return 'batch';
  };
  return [{ type: x.type, shape: [join(x.shape.slice(0, axis)), join(x.shape.slice(axis))] }];
};

const transpose: ShapeRule = ({ node, type }) => {
  const x = type(0);
  if (x === undefined) return [undefined];
  const perm = permutationOf(node, x.shape.length);
  return [{ type: x.type, shape: perm.map((axis) => x.shape[axis] ?? 1) }];
};

/** The axes of a Transpose; reversed where the node does not say. */
export function permutationOf(node: ShapeInputs['node'], rank: number): readonly number[] {
  const perm = intsAttribute(node, 'perm') ?? Array.from({ length: rank }, (_, i) => rank - 1 - i);
  if (perm.length !== rank || new Set(perm).size !== rank || perm.some((axis) => axis < 0 || axis >= rank)) {
    throw shapeError(node, `perm [${perm}] is no permutation of ${rank} axes`);
  }
  return perm;
}

const squeeze: ShapeRule = ({ node, type, constant }) => {
  const x = type(0);
  if (x === undefined) return [undefined];
  const given = node.inputs[1] ? integersOf(constant(1)) : null;
  if (given === undefined) return [undefined];
  const axes = new Set(
    given === null
      ? x.shape.flatMap((d, i) => (d === 1 ? [i] : []))
      : given.map((axis) => axisOf(node, axis, x.shape.length)),
  );
  for (const axis of axes) {
    if (x.shape[axis] !== 1) throw shapeError(node, `axis ${axis} of ${formatShape(x.shape)} is not of size 1`);
  }
  return [{ type: x.type, shape: x.shape.filter((_, i) => !axes.has(i)) }];
};

const unsqueeze: ShapeRule = ({ node, type, constant }) => {
  const x = type(0);
  const given = integersOf(constant(1));
  if (x === undefined || given === undefined) return [undefined];
  const rank = x.shape.length + given.length;
  const axes = new Set(given.map((axis) => axisOf(node, axis, rank)));
  if (axes.size !== given.length) throw shapeError(node, `axes [${given}] repeat`);
  let next = 0;
  return [{ type: x.type, shape: Array.from({ length: rank }, (_, i) => (axes.has(i) ? 1 : (x.shape[next++] ?? 1))) }];
};

const concat: ShapeRule = ({ node, type }) => {
  const first = type(0);
  if (first === undefined) return [undefined];
  const axis = axisOf(node, intAttribute(node, 'axis', 0), first.shape.length);
  let sum = 0;
  for (let i = 0; i < node.inputs.length; i++) {
    const x = type(i);
    if (x === undefined) return [undefined];
    const fits = x.shape.length === first.shape.length && x.shape.every((d, k) => k === axis || d === first.shape[k]);
    if (!fits)
      throw shapeError(node, `joins ${formatShape(first.shape)} and ${formatShape(x.shape)} along axis ${axis}`);
    sum += staticSize(node, x.shape, axis);
  }
  return [{ type: first.type, shape: first.shape.with(axis, sum) }];
};

const slice: ShapeRule = ({ node, type, constant }) => {
  const x = type(0);
  const starts = integersOf(constant(1));
  const ends = integersOf(constant(2));
  if (x === undefined || starts === undefined || ends === undefined) return [undefined];
  const axes = node.inputs[3] ? integersOf(constant(3)) : starts.map((_, i) => i);
  const steps = node.inputs[4] ? integersOf(constant(4)) : starts.map(() => 1);
  if (axes === undefined || steps === undefined) return [undefined];
  const shape = [...x.shape];
  axes.forEach((given, i) => {
    const axis = axisOf(node, given, x.shape.length);
    const size = staticSize(node, x.shape, axis);
    shape[axis] = sliceRange(node, size, { start: starts[i], end: ends[i], step: steps[i] }).count;
  });
  return [{ type: x.type, shape }];
};

/** First index and number of indices of one axis of a Slice, with ONNX's clamping. */
export function sliceRange(
  node: ShapeInputs['node'],
  size: number,
  { start, end, step }: { start: number | undefined; end: number | undefined; step: number | undefined },
): { readonly first: number; readonly count: number; readonly step: number } {
  if (start === undefined || end === undefined || step === undefined || step === 0) {
    throw shapeError(node, 'has starts, ends, axes and steps that do not fit each other');
  }
  if (Number.isNaN(start) || Number.isNaN(end) || Number.isNaN(step)) {
    throw shapeError(node, 'cuts at a place that depends on the batch');
  }
  const clamp = (v: number, low: number, high: number) => Math.min(high, Math.max(low, v < 0 ? v + size : v));
  const first = step > 0 ? clamp(start, 0, size) : clamp(start, 0, size - 1);
  const last = step > 0 ? clamp(end, 0, size) : clamp(end, -1, size - 1);
  return { first, count: Math.max(0, Math.ceil((last - first) / step)), step };
}

const gather: ShapeRule = ({ node, type }) => {
  const x = type(0);
  const indices = type(1);
  if (x === undefined || indices === undefined) return [undefined];
  const axis = axisOf(node, intAttribute(node, 'axis', 0), x.shape.length);
  return [{ type: x.type, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }];
};

const split: ShapeRule = ({ node, type, constant }) => {
  const x = type(0);
  if (x === undefined) return [];
  const axis = axisOf(node, intAttribute(node, 'axis', 0), x.shape.length);
  const size = staticSize(node, x.shape, axis);
  const parts = node.inputs[1] ? integersOf(constant(1)) : null;
  if (parts === undefined) return [];
  const chunk = Math.ceil(size / node.outputs.length);
  return node.outputs.map((_, i) => ({
    type: x.type,
    shape: x.shape.with(axis, parts?.[i] ?? Math.max(0, Math.min(chunk, size - i * chunk))),
  }));
};

const pad: ShapeRule = ({ node, type, constant }) => {
  const x = type(0);
  const pads = integersOf(constant(1));
  if (x === undefined || pads === undefined) return [undefined];
  const rank = x.shape.length;
  const axes = node.inputs[3] ? integersOf(constant(3)) : x.shape.map((_, i) => i);
  if (axes === undefined) return [undefined];
  if (pads.length !== 2 * axes.length) throw shapeError(node, `has ${pads.length} pads for ${axes.length} axes`);
  const shape = [...x.shape];
  axes.forEach((given, i) => {
    const amount = (pads[i] ?? 0) + (pads[i + axes.length] ?? 0);
    const axis = axisOf(node, given, rank);
    if (amount !== 0) shape[axis] = staticSize(node, x.shape, axis) + amount;
  });
  return [{ type: x.type, shape }];
};

const expand: ShapeRule = (inputs) => {
  const x = inputs.type(0);
  const target = dimsOf(inputs, 1);
  if (x === undefined || target === undefined) return [undefined];
  const shape = broadcast(x.shape, target);
  if (shape === undefined) {
    throw shapeError(inputs.node, `cannot expand ${formatShape(x.shape)} to ${formatShape(target)}`);
  }
  return [{ type: x.type, shape }];
};

const shapeOf: ShapeRule = ({ node, type }) => {
  const rank = type(0)?.shape.length;
  if (rank === undefined) return [undefined];
  const { start, end } = shapeRange(node, rank);
  return [{ type: 'int64', shape: [Math.max(0, end - start)] }];
};

/** The axes that a Shape node tells of. */
export function shapeRange(node: ShapeInputs['node'], rank: number): { readonly start: number; readonly end: number } {
  const clamp = (v: number) => Math.min(rank, Math.max(0, v < 0 ? v + rank : v));
  return { start: clamp(intAttribute(node, 'start', 0)), end: clamp(intAttribute(node, 'end', rank)) };
}

const constantOfShape: ShapeRule = (inputs) => {
  const dims = dimsOf(inputs, 0);
  return [dims && { type: tensorAttribute(inputs.node, 'value')?.type ?? 'float32', shape: dims }];
};

const constant: ShapeRule = ({ node }) => {
  const value = tensorAttribute(node, 'value');
  return [value && { type: value.type, shape: value.dims }];
};

export const movementRules: ReadonlyMap<string, ShapeRule> = new Map([
  ['Reshape', reshape],
  ['Flatten', flatten],
  ['Transpose', transpose],
  ['Squeeze', squeeze],
  ['Unsqueeze', unsqueeze],
  ['Concat', concat],
  ['Slice', slice],
  ['Gather', gather],
  ['Split', split],
  ['Pad', pad],
  ['Expand', expand],
  ['Shape', shapeOf],
  ['ConstantOfShape', constantOfShape],
  ['Constant', constant],
]);
