/**
 * Moves a Sign in front of renaming nodes that follow a map: Sign(Flatten(z)) = Flatten(Sign(z)). The bank of a
 * convolution has the convolution's shape, and its signs are read in that shape; the renaming is the host's.
 */
import type { OnnxNode } from '../onnx/onnx-model.ts';
import type { AnalysedGraph } from './fold-constants.ts';
import { renamingOperators } from './spin-order.ts';

/** The nodes after the change, or undefined where there is nothing to change. */
export function liftSigns(analysed: AnalysedGraph): readonly OnnxNode[] | undefined {
  const { graph } = analysed;
  const taken = new Set([...graph.producer.keys(), ...graph.constants.keys(), ...graph.inputs.map(({ name }) => name)]);
  const takenNodes = new Set(graph.nodes.map((node) => node.name));
  const unique = (set: Set<string>, base: string): string => {
    let name = base;
    for (let k = 2; set.has(name); k++) name = `${base}_${k}`;
    set.add(name);
    return name;
  };
  let changed = false;
  const nodes = graph.nodes.flatMap((sign): readonly OnnxNode[] => {
    if (sign.opType !== 'Sign' || sign.domain !== '') return [sign];
    const renames: OnnxNode[] = [];
    let value = sign.inputs[0] ?? '';
    let lifted = 0;
    for (let node = graph.producer.get(value); node !== undefined; node = graph.producer.get(value)) {
      if (!renamingOperators.has(node.opType) || node.domain !== '' || analysed.isConstant(value)) break;
      renames.unshift(node);
      value = node.inputs[0] ?? '';
      // From [batch, C, …map]; a matrix that is only given a shape can be followed by a dense layer.
      if ((analysed.typeOf(value)?.shape.length ?? 0) > 2) lifted = renames.length;
    }
    const moved = renames.slice(renames.length - lifted);
    const [first] = moved;
    if (first === undefined) return [sign];
    changed = true;
    let at = unique(taken, `${sign.outputs[0] ?? ''}_signs`);
    const copies: OnnxNode[] = [{ ...sign, inputs: [first.inputs[0] ?? ''], outputs: [at] }];
    moved.forEach((node, i) => {
      const output = i === moved.length - 1 ? (sign.outputs[0] ?? '') : unique(taken, `${node.outputs[0] ?? ''}_signs`);
      copies.push({
        ...node,
        name: unique(takenNodes, `${node.name}_signs`),
        inputs: [at, ...node.inputs.slice(1)],
        outputs: [output],
      });
      at = output;
    });
    return copies;
  });
  return changed ? nodes : undefined;
}
