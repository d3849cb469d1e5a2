/**
 * The model as a graph: who makes a value, who reads it, nodes in an order in which they can run. Every value has
 * one origin (a model input, a constant, one output of one node); what violates that is refused here, by name.
 */
import { modelError, quoted } from './model-error.ts';
import type { OnnxModel, OnnxNode, OnnxValue, Tensor } from './onnx-model.ts';

export interface Graph {
  readonly opsets: ReadonlyMap<string, number>;
  /** Every node after those whose values it reads. */
  readonly nodes: readonly OnnxNode[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly declared: ReadonlyMap<string, OnnxValue>;
  /** Value → the node that makes it; absent for model inputs and constants. */
  readonly producer: ReadonlyMap<string, OnnxNode>;
  /** Value → the nodes that read it, in order, each once. */
  readonly consumers: ReadonlyMap<string, readonly OnnxNode[]>;
}

/** Version of the standard operators. */
export function opsetOf(graph: Pick<Graph, 'opsets'>): number {
  return graph.opsets.get('') ?? 0;
}

/** The graph of a model, or of a changed list of its nodes. */
export function buildGraph(
  model: Pick<OnnxModel, 'opsets' | 'nodes' | 'inputs' | 'outputs' | 'constants' | 'declared'>,
): Graph {
  const { opsets, nodes, inputs, outputs, constants, declared } = model;
  const producer = new Map<string, OnnxNode>();
  const inputNames = new Set<string>();
  for (const { name } of inputs) {
    if (inputNames.has(name)) throw modelError(name, `two inputs of the model are named ${quoted(name)}`);
    inputNames.add(name);
  }
  for (const node of nodes) {
    for (const output of node.outputs) {
      if (output === '') continue;
      const origin = producer.get(output)?.name ?? (inputNames.has(output) || constants.has(output) ? output : null);
      if (origin !== null) {
        throw modelError(
          node.name,
          `value ${quoted(output)} is defined twice: by ${quoted(origin)} and by node ${quoted(node.name)}`,
        );
      }
      producer.set(output, node);
    }
  }
  const consumers = new Map<string, OnnxNode[]>();
  for (const node of nodes) {
    for (const input of new Set(node.inputs)) {
      if (input === '') continue;
      if (!producer.has(input) && !inputNames.has(input) && !constants.has(input)) {
        throw modelError(node.name, `node ${quoted(node.name)} reads ${quoted(input)}, which nothing defines`);
      }
      const readers = consumers.get(input);
      if (readers === undefined) consumers.set(input, [node]);
      else readers.push(node);
    }
  }
  if (outputs.length === 0) throw modelError('graph', 'the model has no output');
  const outputNames = new Set<string>();
  for (const { name } of outputs) {
    if (outputNames.has(name)) throw modelError(name, `two outputs of the model are named ${quoted(name)}`);
    outputNames.add(name);
    if (!producer.has(name) && !inputNames.has(name) && !constants.has(name)) {
      throw modelError(name, `the model's output ${quoted(name)} is defined by nothing`);
    }
  }
  return {
    opsets,
    nodes: inOrder(nodes, producer, consumers),
    inputs,
    outputs,
    constants,
    declared,
    producer,
    consumers,
  };
}

/** Topological order, keeping the file's where it is one already; a cycle is an error that names a node on it. */
function inOrder(
  nodes: readonly OnnxNode[],
  producer: ReadonlyMap<string, OnnxNode>,
  consumers: ReadonlyMap<string, readonly OnnxNode[]>,
): readonly OnnxNode[] {
  const place = new Map(nodes.map((node, index) => [node, index]));
  const isBefore = (a: OnnxNode, b: OnnxNode) => (place.get(a) ?? 0) < (place.get(b) ?? 0);
  const sorted = nodes.every((node) =>
    node.inputs.every((input) => {
      const origin = producer.get(input);
      return origin === undefined || isBefore(origin, node);
    }),
  );
  if (sorted) return nodes;

  const waiting = new Map<OnnxNode, number>();
  const ready: OnnxNode[] = [];
  for (const node of nodes) {
    const inputs = [...new Set(node.inputs)].filter((input) => producer.has(input)).length;
    waiting.set(node, inputs);
    if (inputs === 0) ready.push(node);
  }
  for (let at = 0; at < ready.length; at++) {
    for (const output of ready[at]?.outputs ?? []) {
      for (const reader of consumers.get(output) ?? []) {
        const left = (waiting.get(reader) ?? 0) - 1;
        waiting.set(reader, left);
        if (left === 0) ready.push(reader);
      }
    }
  }
  if (ready.length === nodes.length) return ready;
  const stuck = nodes.find((node) => (waiting.get(node) ?? 0) > 0);
  const name = stuck?.name ?? '';
  throw modelError(name, `the graph has a cycle through, or before, node ${quoted(name)}`);
}
