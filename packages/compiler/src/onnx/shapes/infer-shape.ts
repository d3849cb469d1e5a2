/** The shape of every value, operator by operator: static but for the batch. */
import { rankMax } from '../tensor.ts';
import { elementwiseRules } from './elementwise.ts';
import { layerRules } from './layers.ts';
import { movementRules } from './movement.ts';
import { type ShapeInputs, shapeError } from './shape-rule.ts';
import { countOf, formatShape, type ValueType } from './value-type.ts';

/**
 * Types of a node's outputs. Undefined where an input's is unknown or the operator is: such a value can live inside a
 * host stage, which onnxruntime evaluates, but nothing can be built on it.
 */
export function inferTypes(inputs: ShapeInputs): readonly (ValueType | undefined)[] {
  const { node } = inputs;
  const rule =
    node.domain === ''
      ? (elementwiseRules.get(node.opType) ?? layerRules.get(node.opType) ?? movementRules.get(node.opType))
      : undefined;
  const types = rule?.(inputs) ?? [];
  for (const type of types) {
    // Beyond 2^53 numbers stop being exact; spins of one block end at 2^32 anyway (semantics 1.4).
    if (type !== undefined && !Number.isSafeInteger(countOf(type.shape))) {
      throw shapeError(node, `its output ${formatShape(type.shape)} is too large`);
    }
    if (type !== undefined && type.shape.length > rankMax)
      throw shapeError(node, `its output has a rank above ${rankMax}`);
    if (type?.shape.some((d) => d !== 'batch' && d < 0)) {
      throw shapeError(node, `its output ${formatShape(type.shape)} has a negative size`);
    }
  }
  return node.outputs.map((_, i) => types[i]);
}
