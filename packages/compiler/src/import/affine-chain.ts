/**
 * Chains of nodes that are one affine map of their input: Mul, Div, Add, Sub with a constant, Neg, batch
 * normalisation, and what does nothing to numbers (Identity, Cast between floats, Dropout) or only renames positions.
 */
import type { Affine } from '../model/block-model.ts';
import { floatAttribute, intAttribute } from '../onnx/attributes.ts';
import type { Constant } from '../onnx/constant.ts';
import { elementTypeOf, isFloat } from '../onnx/element-type.ts';
import { modelError, quoted } from '../onnx/model-error.ts';
import type { OnnxNode } from '../onnx/onnx-model.ts';
import {
  type BankShape,
  compose,
  identityAffine,
  rearrange,
  scalarAffine,
  simplify,
  spinsMax,
  spinsOf,
} from './affine-map.ts';
import { broadcastIndices } from './constants/arithmetic.ts';
import type { AnalysedGraph } from './fold-constants.ts';
import { Miss } from './miss.ts';
import { inverted, renamed, renamingOperators, type View } from './spin-order.ts';

/** Nodes in order of execution between two values. */
export interface Chain {
  readonly origin: string;
  readonly nodes: readonly OnnxNode[];
}

/** Walks from a value back over affine nodes, at most to the first value for which `stop` holds. */
export function walkBack(
  analysed: AnalysedGraph,
  value: string,
  stop: (value: string) => boolean = () => false,
): Chain {
  const nodes: OnnxNode[] = [];
  let origin = value;
  while (!stop(origin)) {
    const node = analysed.graph.producer.get(origin);
    const input = node !== undefined && node.outputs[0] === origin ? affineInput(analysed, node) : undefined;
    if (node === undefined || input === undefined) break;
    nodes.push(node);
    origin = input;
  }
  return { origin, nodes: nodes.reverse() };
}

/** The one varying input of an affine node; undefined for any other node. */
function affineInput(analysed: AnalysedGraph, node: OnnxNode): string | undefined {
  if (node.domain !== '') return undefined;
  const [a = '', b = ''] = node.inputs;
  const constant = (value: string) => analysed.isConstant(value);
  const varying = (): string | undefined => {
    if (constant(a) || a === '') return undefined;
    return a;
  };
  switch (node.opType) {
    case 'Identity':
    case 'Neg':
      return varying();
    case 'Cast': {
      const from = analysed.typeOf(a)?.type;
      const to = elementTypeOf(intAttribute(node, 'to', 0));
      return from !== undefined && to !== undefined && isFloat(from) && isFloat(to) ? varying() : undefined;
    }
    case 'Dropout': {
      const training = node.inputs[2] ?? '';
      const off = training === '' || analysed.constant(training)?.numbers[0] === 0;
      return off ? varying() : undefined;
    }
    case 'BatchNormalization': {
      const inference = intAttribute(node, 'training_mode', 0) === 0 && node.outputs.slice(1).every((o) => o === '');
      return inference && node.inputs.slice(1, 5).every(constant) ? varying() : undefined;
    }
    case 'Div':
      return constant(b) ? varying() : undefined;
    case 'Mul':
    case 'Add':
    case 'Sub':
      if (constant(b)) return varying();
      return constant(a) && b !== '' ? b : undefined;
    default:
      return renamingOperators.has(node.opType) ? varying() : undefined;
  }
}

/** A chain as one map of its origin's spins, and how they are arranged after it. */
export interface ChainMap {
  /** In the origin's shape and order. */
  readonly affine: Affine;
  readonly view: View;
}

/**
 * Composes a chain whose numbers are those of a bank of the given shape. `start` is how the bank is arranged at the
 * chain's origin, where that is not the bank itself.
 */
export function evaluateChain(
  analysed: AnalysedGraph,
  chain: Pick<Chain, 'nodes'>,
  shape: BankShape,
  depth: number,
  start: View = { shape, order: null },
): ChainMap | Miss {
  let affine = identityAffine;
  let view = start;
  for (const node of chain.nodes) {
    if (renamingOperators.has(node.opType)) {
      const next = renamed(view, node, analysed);
      if (next === undefined) {
        return new Miss(depth, node.name, `${quoted(node.name)} does more than rename positions within an image`);
      }
      view = next;
      continue;
    }
    const step = affineOf(analysed, node, view, shape);
    if (step === undefined) {
      return new Miss(depth, node.name, `the constant of ${quoted(node.name)} does not fit its value [${view.shape}]`);
    }
    affine = compose({ ...step, nodes: [node.name] }, affine, shape);
  }
  return { affine: { ...simplify(affine, shape), nodes: chain.nodes.map((node) => node.name) }, view };
}

/** One node as a map in the origin's shape and order; undefined where its constant makes the value larger. */
function affineOf(analysed: AnalysedGraph, node: OnnxNode, view: View, origin: BankShape): Affine | undefined {
  if (node.opType === 'BatchNormalization') return batchNormalization(analysed, node, view, origin);
  if (node.opType === 'Neg') return scalarAffine(-1, 0);
  if (node.opType === 'Identity' || node.opType === 'Cast' || node.opType === 'Dropout') return identityAffine;
  const [a = '', b = ''] = node.inputs;
  const right = analysed.isConstant(b);
  const name = right ? b : a;
  const constant = analysed.constant(name);
  if (constant === undefined) return undefined;
  const map = (scale: (c: number) => number, shift: (c: number) => number) =>
    perElement({ ...constant, numbers: finite(constant, name, node) }, { scale, shift }, node, view, origin);
  switch (node.opType) {
    case 'Mul':
      return map(
        (c) => c,
        () => 0,
      );
    case 'Div':
      if (constant.numbers.includes(0)) throw modelError(node.name, `${quoted(node.name)} divides by zero`);
      return map(
        (c) => 1 / c,
        () => 0,
      );
    case 'Add':
      return map(
        () => 1,
        (c) => c,
      );
    // Sub: x − c or c − x
    default:
      return right
        ? map(
            () => 1,
            (c) => -c,
          )
        : map(
            () => -1,
            (c) => c,
          );
  }
}

/** Numbers of a constant that take part in a block: infinities have no place there. */
export function finite(constant: Constant, name: string, node: OnnxNode): Float64Array<ArrayBuffer> {
  const bad = constant.numbers.findIndex((n) => !Number.isFinite(n));
  if (bad < 0) return constant.numbers;
  throw modelError(
    name,
    `tensor ${quoted(name)}, read by ${quoted(node.name)}, holds ${constant.numbers[bad]} (element ${bad})`,
  );
}

/** Drops a leading axis of size 1 that stands for the batch; undefined where the constant does not fit the view. */
function withoutBatch(dims: readonly number[], view: BankShape): readonly number[] | undefined {
  const own = dims.length === view.length + 1 && dims[0] === 1 ? dims.slice(1) : dims;
  const lead = view.length - own.length;
  return lead >= 0 && own.every((d, i) => d === 1 || d === view[i + lead]) ? own : undefined;
}

/** A map given by a constant that broadcasts over the view, brought to the origin's shape and order. */
function perElement(
  constant: Constant,
  form: { readonly scale: (c: number) => number; readonly shift: (c: number) => number },
  node: OnnxNode,
  view: View,
  origin: BankShape,
): Affine | undefined {
  const dims = withoutBatch(constant.dims, view.shape);
  if (dims === undefined) return undefined;
  const { numbers } = constant;
  const make = (granularity: Affine['granularity'], values: Float64Array): Affine => ({
    granularity,
    scale: Float64Array.from(values, form.scale),
    shift: Float64Array.from(values, form.shift),
    nodes: [],
  });
  if (numbers.length === 1) return make('scalar', numbers);
  const { shape } = view;
  // Channels of the view are channels of the origin where neither shape nor order has changed.
  const lead = shape.length - dims.length;
  const isOrigin = shape.length === origin.length && shape.every((size, i) => size === origin[i]);
  if (lead === 0 && shape.length > 1 && dims.slice(1).every((d) => d === 1) && isOrigin && view.order === null) {
    return make('channel', numbers);
  }
  const count = spinsOf(shape);
  if (count > spinsMax) {
    throw modelError(
      node.name,
      `${quoted(node.name)} maps ${count} spins one by one; at most ${spinsMax} are supported`,
    );
  }
  const index = broadcastIndices(dims, shape);
  const values = Float64Array.from({ length: count }, (_, e) => numbers[index(e)] ?? 0);
  return rearrange(make('spin', values), shape, origin, inverted(view.order));
}

/** y = (x − mean) / √(variance + ε) · scale + shift, per channel (paper A.1). */
function batchNormalization(
  analysed: AnalysedGraph,
  node: OnnxNode,
  view: View,
  origin: BankShape,
): Affine | undefined {
  const parameters = node.inputs.slice(1, 5).map((name) => {
    const constant = analysed.constant(name);
    if (constant === undefined || constant.dims.length !== 1 || constant.dims[0] !== view.shape[0]) return undefined;
    return finite(constant, name, node);
  });
  const [scale, shift, mean, variance] = parameters;
  if (scale === undefined || shift === undefined || mean === undefined || variance === undefined) return undefined;
  const epsilon = floatAttribute(node, 'epsilon', 1e-5);
  const factors = scale.map((s, c) => s / Math.sqrt((variance[c] ?? 0) + epsilon));
  const offsets = factors.map((f, c) => (shift[c] ?? 0) - (mean[c] ?? 0) * f);
  if (!factors.every(Number.isFinite) || !offsets.every(Number.isFinite)) {
    throw modelError(
      node.name,
      `the variance of ${quoted(node.name)} plus epsilon ${epsilon} is not above zero everywhere`,
    );
  }
  const dims = [scale.length, ...view.shape.slice(1).map(() => 1)];
  const part = (numbers: Float64Array<ArrayBuffer>, form: Parameters<typeof perElement>[1]) =>
    perElement({ type: 'float64', dims, numbers }, form, node, view, origin);
  const multiply = part(factors, { scale: (c) => c, shift: () => 0 });
  const add = part(offsets, { scale: () => 1, shift: (c) => c });
  return multiply && add && compose(add, multiply, origin);
}
