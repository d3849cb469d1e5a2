/** Shapes of linear layers, pools and reductions. */
import { intAttribute, intsAttribute } from '../attributes.ts';
import { integersOf } from '../constant.ts';
import { windowOf } from '../window.ts';
import { axisOf, type ShapeInputs, type ShapeRule, shapeError, staticSize } from './shape-rule.ts';
import { broadcast, type Dim, formatShape } from './value-type.ts';

/** Sizes of the map of a value [batch, C, …map]. */
function mapOf({ node, type }: ShapeInputs): readonly number[] | undefined {
  const x = type(0);
  if (x === undefined) return undefined;
  if (x.shape.length < 3) throw shapeError(node, `needs a value [batch, C, …], not ${formatShape(x.shape)}`);
  return x.shape.slice(2).map((_, i) => staticSize(node, x.shape, i + 2));
}

const conv: ShapeRule = (inputs) => {
  const { node, type } = inputs;
  const x = type(0);
  const weights = type(1);
  const map = mapOf(inputs);
  if (x === undefined || weights === undefined || map === undefined) return [undefined];
  const w = weights.shape.map((_, i) => staticSize(node, weights.shape, i));
  const [cout = 0, cinPerGroup = 0, ...kernel] = w;
  const groups = intAttribute(node, 'group', 1);
  const cin = staticSize(node, x.shape, 1);
  if (w.some((d) => d < 1) || groups < 1 || cinPerGroup * groups !== cin || cout % groups !== 0) {
    throw shapeError(
      node,
      `weights ${formatShape(weights.shape)} in ${groups} groups do not fit ${formatShape(x.shape)}`,
    );
  }
  const bias = type(2);
  if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== cout)) {
    throw shapeError(node, `the bias ${formatShape(bias.shape)} does not fit ${cout} channels`);
  }
  return [{ type: x.type, shape: [x.shape[0] ?? 1, cout, ...windowOf(node, map, kernel).output] }];
};

const pool: ShapeRule = (inputs) => {
  const { node, type } = inputs;
  const x = type(0);
  const map = mapOf(inputs);
  const kernel = intsAttribute(node, 'kernel_shape');
  if (x === undefined || map === undefined) return [undefined];
  if (kernel === undefined || kernel.some((k) => k < 1 || k >= 2 ** 31)) {
    throw shapeError(node, `needs a kernel_shape of sizes above 0, not [${kernel ?? ''}]`);
  }
  const shape = [...x.shape.slice(0, 2), ...windowOf(node, map, kernel).output];
  return [
    { type: x.type, shape },
    { type: 'int64', shape },
  ];
};

const globalPool: ShapeRule = (inputs) => {
  const x = inputs.type(0);
  const map = mapOf(inputs);
  return [x && map && { type: x.type, shape: [...x.shape.slice(0, 2), ...map.map(() => 1)] }];
};

const gemm: ShapeRule = ({ node, type }) => {
  const a = type(0);
  const b = type(1);
  if (a === undefined || b === undefined) return [undefined];
  if (a.shape.length !== 2 || b.shape.length !== 2) {
    throw shapeError(node, `needs two matrices, not ${formatShape(a.shape)} and ${formatShape(b.shape)}`);
  }
  const left = intAttribute(node, 'transA', 0) ? a.shape.toReversed() : a.shape;
  const [m, k] = left;
  const [k2, n] = intAttribute(node, 'transB', 0) ? [b.shape[1], b.shape[0]] : [b.shape[0], b.shape[1]];
  if (k !== k2) {
    const transposed = left === a.shape ? '' : ', transposed (transA),';
    throw shapeError(node, `${formatShape(a.shape)}${transposed} times ${formatShape(b.shape)}: inner sizes differ`);
  }
  const shape = [m ?? 1, n ?? 1];
  const c = type(2);
  if (c !== undefined && String(broadcast(c.shape, shape)) !== String(shape)) {
    throw shapeError(node, `C ${formatShape(c.shape)} does not fit ${formatShape(shape)}`);
  }
  return [{ type: a.type, shape }];
};

const matMul: ShapeRule = ({ node, type }) => {
  const a = type(0);
  const b = type(1);
  if (a === undefined || b === undefined) return [undefined];
  if (a.shape.length < 1 || b.shape.length < 1) throw shapeError(node, 'has a scalar operand');
  const x: readonly Dim[] = a.shape.length === 1 ? [1, ...a.shape] : a.shape;
  const y: readonly Dim[] = b.shape.length === 1 ? [...b.shape, 1] : b.shape;
  const outer = broadcast(x.slice(0, -2), y.slice(0, -2));
  if (outer === undefined || x.at(-1) !== y.at(-2)) {
    throw shapeError(node, `${formatShape(a.shape)} times ${formatShape(b.shape)}: sizes do not fit`);
  }
  const shape: Dim[] = [...outer];
  if (a.shape.length > 1) shape.push(x.at(-2) ?? 1);
  if (b.shape.length > 1) shape.push(y.at(-1) ?? 1);
  return [{ type: a.type, shape }];
};

const reduce: ShapeRule = ({ node, type, constant }) => {
  const x = type(0);
  if (x === undefined) return [undefined];
  const given = node.inputs[1] ? integersOf(constant(1)) : (intsAttribute(node, 'axes') ?? []);
  if (given === undefined) return [undefined];
  const all = given.length === 0 && intAttribute(node, 'noop_with_empty_axes', 0) === 0;
  const axes = new Set(given.map((axis) => axisOf(node, axis, x.shape.length)));
  const keep = intAttribute(node, 'keepdims', 1) !== 0;
  const shape = x.shape.flatMap((d, i) => (all || axes.has(i) ? (keep ? [1] : []) : [d]));
  return [{ type: x.type, shape }];
};

const argReduce: ShapeRule = ({ node, type }) => {
  const x = type(0);
  if (x === undefined) return [undefined];
  const axis = axisOf(node, intAttribute(node, 'axis', 0), x.shape.length);
  const keep = intAttribute(node, 'keepdims', 1) !== 0;
  return [{ type: 'int64', shape: x.shape.flatMap((d, i) => (i === axis ? (keep ? [1] : []) : [d])) }];
};

const topK: ShapeRule = ({ node, type, constant }) => {
  const x = type(0);
  const k = constant(1)?.numbers[0];
  if (x === undefined || k === undefined || Number.isNaN(k)) return [undefined, undefined];
  const axis = axisOf(node, intAttribute(node, 'axis', -1), x.shape.length);
  const shape = x.shape.map((d, i) => (i === axis ? k : d));
  return [
    { type: x.type, shape },
    { type: 'int64', shape },
  ];
};

export const layerRules: ReadonlyMap<string, ShapeRule> = new Map([
  ['Conv', conv],
  ['AveragePool', pool],
  ['MaxPool', pool],
  ['LpPool', pool],
  ['GlobalAveragePool', globalPool],
  ['GlobalMaxPool', globalPool],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['ArgMax', argReduce],
  ['ArgMin', argReduce],
  ['TopK', topK],
  ...['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'Sum', 'SumSquare'].map(
    (op) => [`Reduce${op}`, reduce] as const,
  ),
]);
