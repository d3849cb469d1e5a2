/** Element-wise operators on constants, with ONNX's broadcasting and rounded as the operator would round. */
import { intAttribute } from '../../onnx/attributes.ts';
import { type Constant, elementCount } from '../../onnx/constant.ts';
import { type ElementType, elementTypeInfo, elementTypeOf, isFloat, roundTo } from '../../onnx/element-type.ts';
import { shapeError } from '../../onnx/shapes/shape-rule.ts';
import { broadcast } from '../../onnx/shapes/value-type.ts';
import { dependsOnBatch, type Evaluation, type Evaluator } from './evaluation.ts';

/** Reads a tensor as if it had been expanded to `dims`: flat index of each element of the result, in order. */
export function broadcastIndices(from: readonly number[], dims: readonly number[]): (flat: number) => number {
  const lead = dims.length - from.length;
  let stride = 1;
  const strides = [...from].reverse().map((size) => {
    const own = size === 1 ? 0 : stride;
    stride *= size;
    return own;
  });
  // strides[k] belongs to the k-th axis from the end
  if (from.every((size, i) => size === dims[i + lead]) && dims.slice(0, lead).every((d) => d === 1))
    return (flat) => flat;
  return (flat) => {
    let rest = flat;
    let index = 0;
    for (let k = 0; k < strides.length; k++) {
      const size = dims[dims.length - 1 - k] ?? 1;
      index += (rest % size) * (strides[k] ?? 0);
      rest = Math.floor(rest / size);
    }
    return index;
  };
}

/** Whether an integer result is one that the type holds exactly. */
function holds(type: ElementType, value: number): boolean {
  const { min = -Infinity, max = Infinity } = elementTypeInfo(type);
  return Number.isInteger(value) && value >= min && value <= max;
}

function binary(operation: (a: number, b: number, float: boolean) => number): Evaluator {
  return ({ node, inputs: [a, b], reserve }) => {
    if (a === undefined || b === undefined) return undefined;
    if (a.type !== b.type) throw shapeError(node, `joins ${a.type} and ${b.type}`);
    const float = isFloat(a.type);
    // Arithmetic with the size of the batch is not followed: what depends on it is computed when the model runs.
    if (!float && (dependsOnBatch(a) || dependsOnBatch(b))) return undefined;
    const dims = broadcast(a.dims, b.dims) as readonly number[] | undefined;
    if (dims === undefined) throw shapeError(node, `shapes [${a.dims}] and [${b.dims}] do not fit`);
    const count = elementCount(dims);
    if (!reserve(count)) return undefined;
    const numbers = new Float64Array(count);
    const indexA = broadcastIndices(a.dims, dims);
    const indexB = broadcastIndices(b.dims, dims);
    for (let i = 0; i < count; i++) {
      const value = operation(a.numbers[indexA(i)] ?? 0, b.numbers[indexB(i)] ?? 0, float);
      if (!float && !holds(a.type, value)) return undefined;
      // Integers have no −0.
      numbers[i] = float ? roundTo(a.type, value) : value + 0;
    }
    return { type: a.type, dims, numbers };
  };
}

function unary(operation: (a: number) => number): Evaluator {
  return ({ inputs: [a], reserve }) => {
    if (a === undefined || !reserve(a.numbers.length)) return undefined;
    const float = isFloat(a.type);
    if (!float && dependsOnBatch(a)) return undefined;
    const numbers = a.numbers.map((n) => (float ? roundTo(a.type, operation(n)) : operation(n) + 0));
    if (!float && !numbers.every((n) => holds(a.type, n))) return undefined;
    return { type: a.type, dims: a.dims, numbers };
  };
}

function cast({ node, inputs: [a], reserve }: Evaluation): Constant | undefined {
  const to = elementTypeOf(intAttribute(node, 'to', 0));
  if (a === undefined || to === undefined || !reserve(a.numbers.length)) return undefined;
  if (to === a.type) return a;
  if (!isFloat(a.type) && dependsOnBatch(a)) {
    // The batch passes from one integer type to another, and nowhere else.
    return isFloat(to) || to === 'bool' ? undefined : { ...a, type: to };
  }
  const { min = -Infinity, max = Infinity } = elementTypeInfo(to);
  const numbers = a.numbers.map((n) => {
    if (to === 'bool') return n === 0 ? 0 : 1;
    if (isFloat(to)) return roundTo(to, n);
    return Math.trunc(n) + 0;
  });
  // What a cast out of range gives is not defined: leave it to the runtime.
  if (!isFloat(to) && numbers.some((n) => !(n >= min && n <= max))) return undefined;
  return { type: to, dims: a.dims, numbers };
}

export const arithmeticEvaluators: ReadonlyMap<string, Evaluator> = new Map<string, Evaluator>([
  ['Add', binary((a, b) => a + b)],
  ['Sub', binary((a, b) => a - b)],
  ['Mul', binary((a, b) => a * b)],
  // Integer division truncates; by zero it is undefined, which NaN fails to be an integer.
  ['Div', binary((a, b, float) => (float ? a / b : Math.trunc(a / b)))],
  ['Pow', binary((a, b) => a ** b)],
  ['Min', binary((a, b) => Math.min(a, b))],
  ['Max', binary((a, b) => Math.max(a, b))],
  ['Neg', unary((a) => -a)],
  ['Abs', unary((a) => Math.abs(a))],
  ['Sqrt', unary((a) => Math.sqrt(a))],
  ['Exp', unary((a) => Math.exp(a))],
  ['Log', unary((a) => Math.log(a))],
  ['Reciprocal', unary((a) => 1 / a)],
  ['Floor', unary((a) => Math.floor(a))],
  ['Ceil', unary((a) => Math.ceil(a))],
  ['Cast', cast],
]);
