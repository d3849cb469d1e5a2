/** A host stage as a self-contained ONNX model: its nodes, copies of the constants that they read, typed interface. */
import type { AnalysedGraph } from '../import/fold-constants.ts';
import type { HostModel, ModelValue } from '../model/block-model.ts';
import { intAttribute } from '../onnx/attributes.ts';
import { tensorOf } from '../onnx/constant.ts';
import { type ElementType, elementTypes, isFloat } from '../onnx/element-type.ts';
import { modelError, quoted } from '../onnx/model-error.ts';
import type { OnnxModel, OnnxNode, OnnxValue, Tensor } from '../onnx/onnx-model.ts';
import { isBatchFirst } from '../onnx/shapes/value-type.ts';
import { writeModel } from '../onnx/write-model.ts';
import { multiplyAddsOf } from './multiply-adds.ts';

/** How a named value of the program is written in ONNX (P161). */
const wireTypes = { spin: 'float32', f32: 'float32', u8: 'uint8', i64: 'int64' } as const satisfies Record<
  ModelValue['dtype'],
  ElementType
>;

/** The program's view of a value; an InvalidModelError where it cannot pass between stages. */
export function interfaceValue(analysed: AnalysedGraph, name: string, isSpin: boolean): ModelValue {
  const type = analysed.typeOf(name);
  const place = analysed.graph.producer.get(name)?.name ?? name;
  if (type === undefined) {
    const node = analysed.graph.producer.get(name);
    const operator = node === undefined ? '' : ` (operator ${node.opType})`;
    throw modelError(
      place,
      `the shape of ${quoted(name)}${operator} is not known, but the value passes between stages: declare it in the model's value_info`,
    );
  }
  if (!isBatchFirst(type.shape)) {
    throw modelError(place, `${quoted(name)} passes between stages, but the batch is not the first of its axes only`);
  }
  const { type: element, shape } = type;
  if (isSpin || isFloat(element)) return { name, dtype: isSpin ? 'spin' : 'f32', shape };
  if (element === 'uint8') return { name, dtype: 'u8', shape };
  if (element !== 'bool' && element !== 'uint64') return { name, dtype: 'i64', shape };
  throw modelError(place, `${quoted(name)} is of ${element}, which cannot pass between stages`);
}

export interface HostStageParts {
  readonly id: string;
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly reasons: ReadonlyMap<string, string>;
}

export function hostStage(
  analysed: AnalysedGraph,
  model: Pick<OnnxModel, 'irVersion'>,
  parts: HostStageParts,
): HostModel {
  const { graph } = analysed;
  const taken = new Set([...graph.producer.keys(), ...graph.constants.keys(), ...graph.inputs.map(({ name }) => name)]);
  const nodes = [...parts.nodes];
  const constants = new Map<string, Tensor>();

  nodes.forEach((node, i) => {
    const dynamic = analysed.fixedBatch === undefined ? undefined : dynamicReshape(analysed, node, taken);
    if (dynamic === undefined) return;
    nodes[i] = dynamic.node;
    constants.set(dynamic.target.name, dynamic.target);
  });
  for (const input of new Set(nodes.flatMap((node) => node.inputs))) {
    if (!analysed.isConstant(input) || constants.has(input)) continue;
    const tensor = graph.constants.get(input);
    const folded = tensor === undefined ? analysed.constant(input) : undefined;
    if (tensor !== undefined) constants.set(input, tensor);
    else if (folded !== undefined) constants.set(input, tensorOf(input, folded));
  }

  // Values pass between stages as float32, uint8 and int64; the model may compute in other types.
  const before: OnnxNode[] = [];
  const after: OnnxNode[] = [];
  const inputs = parts.inputs.map((value): OnnxValue => {
    const wire = wireTypes[value.dtype];
    if (analysed.typeOf(value.name)?.type === wire) return { name: value.name, type: wire, shape: value.shape };
    const name = fresh(taken, `${value.name}_${wire}`);
    before.push(castNode(name, value.name, analysed.typeOf(value.name)?.type ?? wire, taken));
    return { name, type: wire, shape: value.shape };
  });
  const outputs = parts.outputs.map((value): OnnxValue => {
    const wire = wireTypes[value.dtype];
    if (analysed.typeOf(value.name)?.type === wire) return { name: value.name, type: wire, shape: value.shape };
    const name = fresh(taken, `${value.name}_${wire}`);
    after.push(castNode(value.name, name, wire, taken));
    return { name, type: wire, shape: value.shape };
  });
  const all = [...before, ...nodes, ...after];
  const domains = new Set(all.map((node) => node.domain));
  const onnx = writeModel({
    irVersion: model.irVersion,
    opsets: new Map([...graph.opsets].filter(([domain]) => domain === '' || domains.has(domain))),
    producer: 'isinglass',
    name: parts.id,
    nodes: all,
    constants,
    inputs,
    outputs,
  });
  return {
    id: parts.id,
    onnx,
    inputs: parts.inputs.map(({ name }) => name),
    outputs: parts.outputs.map(({ name }) => name),
    nodes: parts.nodes.map(({ name }) => name),
    reasons: parts.reasons,
    multiplyAdds: parts.nodes.reduce((sum, node) => sum + multiplyAddsOf(analysed, node), 0),
  };
}

function fresh(taken: Set<string>, base: string): string {
  let name = base;
  for (let k = 2; taken.has(name); k++) name = `${base}_${k}`;
  taken.add(name);
  return name;
}

function castNode(from: string, to: string, type: ElementType, taken: Set<string>): OnnxNode {
  return {
    name: fresh(taken, `isinglass_cast_${to}`),
    opType: 'Cast',
    domain: '',
    inputs: [from],
    outputs: [to],
    attributes: new Map([['to', { kind: 'int', value: BigInt(elementTypes[type].code) }]]),
  };
}

/**
 * A Reshape of an export for one batch size names that size in its target. It becomes 0, "as the input has it", so
 * that the stage takes batches of any size.
 */
function dynamicReshape(
  analysed: AnalysedGraph,
  node: OnnxNode,
  taken: Set<string>,
): { readonly node: OnnxNode; readonly target: Tensor } | undefined {
  if (node.opType !== 'Reshape' || node.domain !== '' || intAttribute(node, 'allowzero', 0) !== 0) return undefined;
  const [x = '', target = ''] = node.inputs;
  const constant = analysed.isConstant(target) ? analysed.constant(target) : undefined;
  const carries =
    analysed.typeOf(x)?.shape[0] === 'batch' && analysed.typeOf(node.outputs[0] ?? '')?.shape[0] === 'batch';
  if (constant === undefined || !carries || constant.numbers[0] !== analysed.fixedBatch) return undefined;
  const name = fresh(taken, `${target}_dynamic`);
  return {
    node: { ...node, inputs: [x, name] },
    target: tensorOf(name, { ...constant, numbers: constant.numbers.with(0, 0) }),
  };
}
