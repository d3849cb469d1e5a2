/**
 * Cuts the graph into stages: the blocks that were found, in order, and between them what stays with the host
 * runtime. Before each block stands at most one host stage, with exactly the nodes that it needs and that no earlier
 * stage has; after the last block comes what remains of the outputs. So every host stage is convex and as large as
 * the blocks allow.
 */
import type { AnalysedGraph } from '../import/fold-constants.ts';
import type { BlockModel } from '../model/block-model.ts';
import type { OnnxNode } from '../onnx/onnx-model.ts';

export interface StagePlan {
  /** In order of execution. */
  readonly stages: readonly (
    | { readonly kind: 'block'; readonly block: BlockModel }
    | { readonly kind: 'host'; readonly id: string; readonly nodes: readonly OnnxNode[] }
  )[];
}

/** `blocks` in the order of the graph. Blocks and nodes that no output needs are left out. */
export function partition(analysed: AnalysedGraph, blocks: readonly BlockModel[]): StagePlan {
  const { graph } = analysed;
  const blockOf = new Map(blocks.map((block) => [block.output, block]));
  const place = new Map(graph.nodes.map((node, index) => [node, index]));

  /** Host nodes above a value, down to the values of blocks; a stack, for graphs are deep. */
  const hostNodesAbove = (values: readonly string[], visit: (block: BlockModel) => void, seen: Set<OnnxNode>) => {
    const stack = [...values];
    const found: OnnxNode[] = [];
    for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
      if (value === '' || analysed.isConstant(value)) continue;
      const block = blockOf.get(value);
      if (block !== undefined) {
        visit(block);
        continue;
      }
      const node = graph.producer.get(value);
      if (node === undefined || seen.has(node)) continue;
      seen.add(node);
      found.push(node);
      stack.push(...node.inputs);
    }
    return found.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
  };

  const outputs = graph.outputs.map(({ name }) => name);
  const live = new Set<BlockModel>();
  const seen = new Set<OnnxNode>();
  const wanted = [outputs];
  for (let values = wanted.pop(); values !== undefined; values = wanted.pop()) {
    hostNodesAbove(
      values,
      (block) => {
        if (live.has(block)) return;
        live.add(block);
        wanted.push([block.input]);
      },
      seen,
    );
  }

  const stages: StagePlan['stages'][number][] = [];
  const emitted = new Set<OnnxNode>();
  const order = blocks.filter((block) => live.has(block));
  order.forEach((block, index) => {
    const nodes = hostNodesAbove([block.input], () => {}, emitted);
    if (nodes.length > 0) stages.push({ kind: 'host', id: index === 0 ? 'encoder' : `host${index + 1}`, nodes });
    stages.push({ kind: 'block', block });
  });
  const rest = hostNodesAbove(outputs, () => {}, emitted);
  if (rest.length > 0) stages.push({ kind: 'host', id: 'decoder', nodes: rest });
  return { stages };
}
