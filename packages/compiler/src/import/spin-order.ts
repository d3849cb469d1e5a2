/**
 * Order of the spins of a bank. Flatten, Reshape, Squeeze and Unsqueeze give positions new names and keep the
 * row-major order; a Transpose changes it. An order `o` says: element e of the view is spin `o[e]`. null is the
 * order of the bank itself.
 */
import type { OnnxNode } from '../onnx/onnx-model.ts';
import { permutationOf } from '../onnx/shapes/movement.ts';
import { isBatchFirst } from '../onnx/shapes/value-type.ts';
import { type BankShape, spinsMax, spinsOf } from './affine-map.ts';
import { permutedIndices } from './constants/rearrangement.ts';
import type { AnalysedGraph } from './fold-constants.ts';

export type SpinOrder = Uint32Array<ArrayBuffer> | null;

/** A value that holds a bank's spins under a shape and in an order of its own. */
export interface View {
  readonly shape: BankShape;
  readonly order: SpinOrder;
}

export const renamingOperators: ReadonlySet<string> = new Set([
  'Flatten',
  'Reshape',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** The shape of a value without the batch; undefined where it is not [batch, …numbers]. */
export function bankShapeOf(analysed: AnalysedGraph, value: string): BankShape | undefined {
  const shape = analysed.typeOf(value)?.shape;
  return shape !== undefined && isBatchFirst(shape) ? (shape.slice(1) as number[]) : undefined;
}

/** The view after a renaming node; undefined where the node moves the batch or is too large to follow. */
export function renamed(view: View, node: OnnxNode, analysed: AnalysedGraph): View | undefined {
  const shape = bankShapeOf(analysed, node.outputs[0] ?? '');
  if (shape === undefined || spinsOf(shape) !== spinsOf(view.shape)) return undefined;
  if (node.opType !== 'Transpose') return { shape, order: view.order };
  const perm = permutationOf(node, view.shape.length + 1);
  if (perm[0] !== 0) return undefined;
  const axes = perm.slice(1).map((axis) => axis - 1);
  const moved = axes.filter((axis) => view.shape[axis] !== 1);
  if (moved.every((axis, i) => i === 0 || axis > (moved[i - 1] ?? 0))) return { shape, order: view.order };
  if (spinsOf(shape) > spinsMax) return undefined;
  const before = permutedIndices(view.shape, axes);
  const { order } = view;
  return {
    shape,
    order: Uint32Array.from({ length: spinsOf(shape) }, (_, e) =>
      order === null ? before(e) : (order[before(e)] ?? 0),
    ),
  };
}

/** Element e of a view of a view: `inner` is the order within the view `outer` of the bank. */
export function chained(outer: SpinOrder, inner: SpinOrder): SpinOrder {
  if (inner === null) return outer;
  return outer === null ? inner : Uint32Array.from(inner, (e) => outer[e] ?? 0);
}

/** For each spin the element that holds it. */
export function inverted(order: SpinOrder): SpinOrder {
  if (order === null) return null;
  const inverse = new Uint32Array(order.length);
  order.forEach((spin, element) => {
    inverse[spin] = element;
  });
  return inverse;
}
