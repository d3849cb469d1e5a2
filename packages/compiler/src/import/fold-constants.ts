/**
 * One walk through the graph in order finds the type of every value and evaluates what is constant. Exporters emit
 * many small nodes for what is one number in the network: a padding takes nine (compiler.md).
 */
import { type Constant, constantOf, isExact } from '../onnx/constant.ts';
import { type Graph, opsetOf } from '../onnx/graph.ts';
import { modelError, quoted } from '../onnx/model-error.ts';
import type { OnnxNode, OnnxValue } from '../onnx/onnx-model.ts';
import { inferTypes } from '../onnx/shapes/infer-shape.ts';
import { shapeRange } from '../onnx/shapes/movement.ts';
import type { Dim, ValueType } from '../onnx/shapes/value-type.ts';
import { arithmeticEvaluators } from './constants/arithmetic.ts';
import { FoldingBudget } from './constants/evaluation.ts';
import { rearrangementEvaluators } from './constants/rearrangement.ts';

/** The graph with what is known about its values. */
export interface AnalysedGraph {
  readonly graph: Graph;
  /** Undefined: not known. */
  typeOf(value: string): ValueType | undefined;
  /** Whether the value is the same for every input: an initialiser, or folded from them. */
  isConstant(value: string): boolean;
  /** A constant's numbers. */
  constant(value: string): Constant | undefined;
  /** The batch size of the export, where it is fixed. */
  readonly fixedBatch: number | undefined;
}

export function foldConstants(graph: Graph): AnalysedGraph {
  const fixedBatch = fixedBatchOf(graph);
  const types = new Map<string, ValueType>();
  /** Made by nodes; a shape that mentions the batch, or a number too large to be exact, is known but not constant. */
  const folded = new Map<string, { readonly constant: Constant; readonly exact: boolean }>();
  let elements = 0;
  for (const [name, tensor] of graph.constants) {
    types.set(name, { type: tensor.type, shape: tensor.dims });
    elements += tensor.elements.length;
  }
  for (const input of graph.inputs) types.set(input.name, inputType(input, fixedBatch));
  const budget = new FoldingBudget(elements);
  const known = (value: string): Constant | undefined => {
    const own = folded.get(value);
    if (own !== undefined) return own.constant;
    const tensor = graph.constants.get(value);
    // Reading an initialiser as numbers makes a copy: that counts too.
    return tensor !== undefined && budget.reserve(tensor.elements.length) ? constantOf(tensor) : undefined;
  };

  for (const node of graph.nodes) {
    const [output] = node.outputs;
    const constant = output === undefined ? undefined : evaluate(node, { types, known, budget, graph, folded });
    if (output !== undefined && constant !== undefined) {
      folded.set(output, { constant, exact: isExact(constant) });
      types.set(output, { type: constant.type, shape: constant.dims });
      continue;
    }
    const inferred = inferTypes({
      node,
      opset: opsetOf(graph),
      fixedBatch,
      type: (i) => types.get(node.inputs[i] ?? ''),
      constant: (i) => known(node.inputs[i] ?? ''),
    });
    node.outputs.forEach((name, i) => {
      const type = inferred[i] ?? declaredType(graph, name, fixedBatch);
      if (type !== undefined) types.set(name, type);
    });
  }

  return {
    graph,
    fixedBatch,
    typeOf: (value) => types.get(value),
    isConstant: (value) => graph.constants.has(value) || folded.get(value)?.exact === true,
    constant: (value) => {
      const own = folded.get(value);
      if (own !== undefined) return own.exact ? own.constant : undefined;
      const tensor = graph.constants.get(value);
      return tensor && constantOf(tensor);
    },
  };
}

function evaluate(
  node: OnnxNode,
  state: {
    readonly types: ReadonlyMap<string, ValueType>;
    readonly folded: ReadonlyMap<string, unknown>;
    readonly known: (value: string) => Constant | undefined;
    readonly budget: FoldingBudget;
    readonly graph: Graph;
  },
): Constant | undefined {
  if (node.domain !== '' || node.outputs.length !== 1) return undefined;
  if (node.opType === 'Shape') return evaluateShape(node, state.types.get(node.inputs[0] ?? ''));
  const evaluator = arithmeticEvaluators.get(node.opType) ?? rearrangementEvaluators.get(node.opType);
  if (evaluator === undefined) return undefined;
  const present = node.inputs.filter((input) => input !== '');
  if (!present.every((input) => state.folded.has(input) || state.graph.constants.has(input))) return undefined;
  const inputs = node.inputs.map((input) => (input === '' ? undefined : state.known(input)));
  if (node.inputs.some((input, i) => input !== '' && inputs[i] === undefined)) return undefined;
  return evaluator({ node, inputs, reserve: (count) => state.budget.reserve(count) });
}

/** The shape of a value is known before the value is; its batch is NaN (see Constant). */
function evaluateShape(node: OnnxNode, type: ValueType | undefined): Constant | undefined {
  if (type === undefined) return undefined;
  const { start, end } = shapeRange(node, type.shape.length);
  const dims = type.shape.slice(start, Math.max(start, end));
  return {
    type: 'int64',
    dims: [dims.length],
    numbers: Float64Array.from(dims, (d) => (d === 'batch' ? Number.NaN : d)),
  };
}

/**
 * Exporters fix the batch where they are not told otherwise. A fixed size is read as "any": but all inputs must agree
 * on it.
 */
function fixedBatchOf(graph: Graph): number | undefined {
  let fixed: number | undefined;
  for (const { shape } of graph.inputs) {
    const first = shape?.[0];
    if (typeof first !== 'number') continue;
    if (fixed !== undefined && fixed !== first) return undefined;
    fixed = first;
  }
  return fixed;
}

function inputType(input: OnnxValue, fixedBatch: number | undefined): ValueType {
  const { name, type, shape } = input;
  const [first, ...rest] = shape ?? [];
  if (shape === null || first === undefined) {
    throw modelError(name, `the shape of input ${quoted(name)} is not declared, or it has no batch axis`);
  }
  if (typeof first === 'number' && first !== fixedBatch) {
    throw modelError(name, `the inputs of the model have different batch sizes (${quoted(name)}: ${first})`);
  }
  const dims = rest.map((d, i): Dim => {
    if (typeof d === 'number' && d > 0) return d;
    throw modelError(
      name,
      `axis ${i + 1} of input ${quoted(name)} has the size ${d ?? '?'}: only the batch (axis 0) may be dynamic; export with static sizes`,
    );
  });
  return { type, shape: ['batch', ...dims] };
}

/**
 * What the file says of a value whose operator the importer does not know. Only shapes [batch, …numbers] are taken,
 * the batch being called as at an input.
 */
function declaredType(graph: Graph, name: string, fixedBatch: number | undefined): ValueType | undefined {
  const value = graph.declared.get(name) ?? graph.outputs.find((output) => output.name === name);
  const [first, ...rest] = value?.shape ?? [];
  if (value === undefined || first === undefined) return undefined;
  const isBatch =
    typeof first === 'number' ? first === fixedBatch : graph.inputs.some(({ shape }) => shape?.[0] === first);
  if (!isBatch) return undefined;
  const dims = rest.filter((d) => typeof d === 'number');
  return dims.length === rest.length ? { type: value.type, shape: ['batch', ...dims] } : undefined;
}
