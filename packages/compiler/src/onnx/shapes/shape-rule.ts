/** What a shape rule gets and gives: one function per operator, in the files beside this one. */
import type { Constant } from '../constant.ts';
import { modelError, quoted } from '../model-error.ts';
import type { OnnxNode } from '../onnx-model.ts';
import { type Dim, formatShape, type Shape, type ValueType } from './value-type.ts';

export interface ShapeInputs {
  readonly node: OnnxNode;
  /** Version of the standard operators. */
  readonly opset: number;
  /** The model was exported for one batch size, which stands where 'batch' is meant. */
  readonly fixedBatch: number | undefined;
  /** Type of the i-th input; undefined where it is absent or not known. */
  type(i: number): ValueType | undefined;
  /** Value of the i-th input where it is a constant or a shape computed from shapes. */
  constant(i: number): Constant | undefined;
}

/** The types of the node's outputs; undefined: not known. A contradiction is an InvalidModelError. */
export type ShapeRule = (inputs: ShapeInputs) => readonly (ValueType | undefined)[];

export function shapeError(node: OnnxNode, what: string) {
  return modelError(node.name, `node ${quoted(node.name)} (${node.opType}): ${what}`);
}

/** An axis as an index; negative ones count from the end. */
export function axisOf(node: OnnxNode, axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis;
  if (!(Number.isInteger(index) && index >= 0 && index < rank)) {
    throw shapeError(node, `axis ${axis} is outside a value of rank ${rank}`);
  }
  return index;
}

/** A size that must be known to go on. */
export function staticSize(node: OnnxNode, shape: Shape, axis: number): number {
  const size: Dim | undefined = shape[axis];
  if (typeof size === 'number') return size;
  throw shapeError(node, `axis ${axis} of ${formatShape(shape)} must have a static size`);
}
