/** Conv, Gemm and MatMul as the linear layers of a block, with a zero padding in front of them absorbed. */
import type { Affine, LinearLayer } from '../model/block-model.ts';
import { floatAttribute, intAttribute, stringAttribute } from '../onnx/attributes.ts';
import { type Constant, integersOf } from '../onnx/constant.ts';
import { isFloat } from '../onnx/element-type.ts';
import { quoted } from '../onnx/model-error.ts';
import type { OnnxNode } from '../onnx/onnx-model.ts';
import { axisOf } from '../onnx/shapes/shape-rule.ts';
import { windowOf } from '../onnx/window.ts';
import { finite } from './affine-chain.ts';
import { type BankShape, isIdentity, refine, spinsOf } from './affine-map.ts';
import { broadcastIndices } from './constants/arithmetic.ts';
import type { AnalysedGraph } from './fold-constants.ts';
import { Miss } from './miss.ts';
import { bankShapeOf, inverted, type SpinOrder } from './spin-order.ts';

/** A layer and the values that it joins. */
export interface FoundLayer {
  readonly layer: LinearLayer;
  /** The value that it reads; before a padding that was absorbed. */
  readonly input: string;
  readonly from: BankShape;
  readonly to: BankShape;
  /** The layer's node and those of the padding. */
  readonly nodes: readonly string[];
}

const linearOperators: ReadonlySet<string> = new Set(['Conv', 'Gemm', 'MatMul']);

/** The Conv, Gemm or MatMul that makes a value. */
export function layerNode(analysed: AnalysedGraph, value: string): OnnxNode | undefined {
  const node = analysed.graph.producer.get(value);
  return node?.domain === '' && linearOperators.has(node.opType) ? node : undefined;
}

/** The layer of a Conv, Gemm or MatMul; a miss where it is not one of a value and constants. */
export function readLayer(analysed: AnalysedGraph, node: OnnxNode, depth: number): FoundLayer | Miss {
  const [x = '', w = ''] = node.inputs;
  const miss = (what: string) => new Miss(depth, node.name, `${quoted(node.name)} ${what}`);
  if (analysed.isConstant(x)) return miss('has its constant on the left');
  const weights = analysed.constant(w);
  if (weights === undefined) {
    const maker = analysed.graph.producer.get(w)?.name ?? w;
    return miss(`has weights that are not constant: ${quoted(maker)} computes them`);
  }
  if (!isFloat(weights.type)) return miss(`has weights of ${weights.type}`);
  const to = bankShapeOf(analysed, node.outputs[0] ?? '');
  const shape = bankShapeOf(analysed, x);
  if (to === undefined || shape === undefined) return miss('joins values whose shapes are not known');
  const numbers = finite(weights, w, node);
  if (node.opType === 'Conv')
    return readConv(analysed, node, { weights: { ...weights, numbers }, x, shape, to, depth });

  if (shape.length !== 1 || weights.dims.length !== 2) return miss('joins values of more than one axis');
  const gemm = node.opType === 'Gemm';
  const alpha = gemm ? floatAttribute(node, 'alpha', 1) : 1;
  const [rows = 0, columns = 0] = weights.dims;
  const matrix =
    gemm && intAttribute(node, 'transB', 0) !== 0
      ? { to: rows, from: columns, values: numbers }
      : { to: columns, from: rows, values: transposed(numbers, rows, columns) };
  const bias = gemm ? readGemmBias(analysed, node, matrix.to) : null;
  if (bias === undefined) return miss('adds something that is not constant, or not one number per output');
  return {
    layer: {
      node: node.name,
      kind: 'dense',
      weights: alpha === 1 ? matrix.values : matrix.values.map((v) => alpha * v),
      shape: [matrix.to, matrix.from],
      bias,
    },
    input: x,
    from: shape,
    to,
    nodes: [node.name],
  };
}

function transposed(values: Float64Array, rows: number, columns: number): Float64Array<ArrayBuffer> {
  const out = new Float64Array(values.length);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) out[c * rows + r] = values[r * columns + c] ?? 0;
  }
  return out;
}

/** β·C, one per output; null where there is none, undefined where it is not constant over the batch. */
function readGemmBias(analysed: AnalysedGraph, node: OnnxNode, outputs: number) {
  const c = node.inputs[2] ?? '';
  const beta = floatAttribute(node, 'beta', 1);
  if (c === '' || beta === 0) return null;
  const constant = analysed.constant(c);
  if (constant === undefined || (constant.dims.length === 2 && constant.dims[0] !== 1)) return undefined;
  const dims = constant.dims.slice(-1);
  if (dims.length === 1 && dims[0] !== 1 && dims[0] !== outputs) return undefined;
  const numbers = finite(constant, c, node);
  const index = broadcastIndices(dims, [outputs]);
  return Float64Array.from({ length: outputs }, (_, i) => beta * (numbers[index(i)] ?? 0));
}

function readConv(
  analysed: AnalysedGraph,
  node: OnnxNode,
  o: {
    readonly weights: Constant & { readonly numbers: Float64Array<ArrayBuffer> };
    readonly x: string;
    readonly shape: BankShape;
    readonly to: BankShape;
    readonly depth: number;
  },
): FoundLayer | Miss {
  const miss = (what: string) => new Miss(o.depth, node.name, `${quoted(node.name)} ${what}`);
  const rank = o.shape.length - 1;
  if (rank > 2) return miss(`is a convolution over ${rank} axes; one and two are supported`);
  const biasName = node.inputs[2] ?? '';
  const bias = biasName === '' ? null : analysed.constant(biasName);
  if (bias === undefined) return miss('has a bias that is not constant');
  const window = windowOf(node, o.shape.slice(1), o.weights.dims.slice(2));
  const padding = absorbPadding(analysed, o.x, window.pads, o.depth);
  if (padding instanceof Miss) return padding;
  const from = bankShapeOf(analysed, padding.input);
  if (from === undefined || from.length !== o.shape.length) return miss('reads a value whose shape is not known');
  return {
    layer: {
      node: node.name,
      kind: 'conv',
      weights: o.weights.numbers,
      shape: o.weights.dims,
      strides: window.strides,
      pads: padding.pads,
      dilations: window.dilations,
      groups: intAttribute(node, 'group', 1),
      bias: bias === null ? null : finite(bias, biasName, node),
    },
    input: padding.input,
    from,
    to: o.to,
    nodes: [...padding.nodes, node.name],
  };
}

/** Follows the input of a convolution over Pad nodes (and what does nothing between them), adding up their zeros. */
function absorbPadding(
  analysed: AnalysedGraph,
  value: string,
  convPads: readonly number[],
  depth: number,
): { readonly input: string; readonly pads: readonly number[]; readonly nodes: readonly string[] } | Miss {
  const rank = convPads.length / 2;
  let pads = convPads;
  let input = value;
  const nodes: string[] = [];
  const between: string[] = [];
  let at = value;
  for (;;) {
    const node = analysed.graph.producer.get(at);
    if (node === undefined || node.domain !== '' || node.outputs[0] !== at) break;
    if (node.opType === 'Identity') {
      between.unshift(node.name);
      at = node.inputs[0] ?? '';
      continue;
    }
    if (node.opType !== 'Pad') break;
    const amounts = zeroPadding(analysed, node, rank);
    const total = amounts && pads.map((p, i) => p + (amounts[i] ?? 0));
    if (total === undefined || total.some((p) => p < 0)) {
      return new Miss(depth, node.name, `${quoted(node.name)} is not a constant zero padding of the map`);
    }
    pads = total;
    input = node.inputs[0] ?? '';
    nodes.unshift(node.name, ...between.splice(0));
    at = input;
  }
  return { input, pads, nodes };
}

/** The zeros that a Pad adds around the map: all begins, then all ends; undefined where it does anything else. */
function zeroPadding(analysed: AnalysedGraph, node: OnnxNode, rank: number): readonly number[] | undefined {
  if (stringAttribute(node, 'mode', 'constant') !== 'constant') return undefined;
  const value = node.inputs[2] ?? '';
  if (value !== '' && analysed.constant(value)?.numbers[0] !== 0) return undefined;
  const list = integersOf(analysed.constant(node.inputs[1] ?? ''));
  if (list === undefined) return undefined;
  const axesInput = node.inputs[3] ?? '';
  const axes =
    axesInput === '' ? Array.from({ length: rank + 2 }, (_, i) => i) : integersOf(analysed.constant(axesInput));
  if (axes === undefined || list.length !== 2 * axes.length) return undefined;
  const amounts = Array<number>(2 * rank).fill(0);
  for (const [i, given] of axes.entries()) {
    const axis = axisOf(node, given, rank + 2) - 2;
    const begin = list[i] ?? 0;
    const end = list[i + axes.length] ?? 0;
    if (axis >= 0) {
      amounts[axis] = begin;
      amounts[axis + rank] = end;
    } else if (begin !== 0 || end !== 0) {
      return undefined;
    }
  }
  return amounts;
}

/**
 * A layer whose `from` bank has its spins in another order than the layer's input: only a dense layer can follow.
 * `order[e]` is the spin of input element e. Undefined where a convolution would lose its sharing.
 */
export function reorderInput(layer: LinearLayer, order: SpinOrder): LinearLayer | undefined {
  if (order === null) return layer;
  if (layer.kind !== 'dense') return undefined;
  const [to, from] = layer.shape;
  const element = inverted(order) ?? order;
  const weights = new Float64Array(layer.weights.length);
  for (let i = 0; i < to; i++) {
    for (let j = 0; j < from; j++) weights[i * from + j] = layer.weights[i * from + (element[j] ?? 0)] ?? 0;
  }
  return { ...layer, weights };
}

/** A layer whose `to` bank has spin e where the layer has output `order[e]`. */
export function reorderOutput(layer: LinearLayer, order: SpinOrder): LinearLayer | undefined {
  if (order === null) return layer;
  if (layer.kind !== 'dense') return undefined;
  const [to, from] = layer.shape;
  const weights = new Float64Array(layer.weights.length);
  for (let e = 0; e < to; e++) {
    const row = order[e] ?? 0;
    weights.set(layer.weights.subarray(row * from, (row + 1) * from), e * from);
  }
  const { bias } = layer;
  return { ...layer, weights, bias: bias && Float64Array.from(order, (row) => bias[row] ?? 0) };
}

/**
 * The layer that does to x what the given one does to `affine(x)`. Undefined where that is no layer of the same
 * kind: a convolution cannot take a map that varies within a channel, nor an offset that its padding cuts off.
 */
export function absorbAffine(layer: LinearLayer, affine: Affine, from: BankShape): LinearLayer | undefined {
  if (isIdentity(affine)) return layer;
  if (layer.kind === 'identity') return undefined;
  const shifts = affine.shift.some((d) => d !== 0);
  if (layer.kind === 'conv') {
    if (affine.granularity === 'spin' || (shifts && layer.pads.some((p) => p > 0))) return undefined;
  }
  const count = layer.kind === 'conv' ? (from[0] ?? 1) : spinsOf(from);
  const { scale, shift } = refine(affine, layer.kind === 'conv' ? 'channel' : 'spin', from);
  const [outputs = 0, perGroup = 0] = layer.shape;
  const taps = layer.shape.slice(2).reduce((product, k) => product * k, 1);
  const groups = layer.kind === 'conv' ? layer.groups : 1;
  const weights = new Float64Array(layer.weights.length);
  const bias = Float64Array.from({ length: outputs }, (_, i) => layer.bias?.[i] ?? 0);
  for (let i = 0; i < outputs; i++) {
    const first = Math.floor(i / (outputs / groups)) * (count / groups);
    for (let j = 0; j < perGroup; j++) {
      for (let t = 0; t < taps; t++) {
        const at = (i * perGroup + j) * taps + t;
        const w = layer.weights[at] ?? 0;
        weights[at] = w * (scale[first + j] ?? 0);
        bias[i] = (bias[i] ?? 0) + w * (shift[first + j] ?? 0);
      }
    }
  }
  return { ...layer, weights, bias: layer.bias === null && !shifts ? null : bias };
}
