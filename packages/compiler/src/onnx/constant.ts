/** Constants as numbers, the form in which constant folding and the matcher work. */
import { type ElementType, elementTypes, fromNumbers, isFloat, toNumbers } from './element-type.ts';
import type { Tensor } from './onnx-model.ts';

/**
 * A constant in float64. Among integers NaN stands for the size of the batch: so the shapes that exporters compute
 * from a value's own shape stay known, with the one size that they may not depend on.
 */
export interface Constant {
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly numbers: Float64Array<ArrayBuffer>;
}

export function constantOf(tensor: Tensor): Constant {
  return { type: tensor.type, dims: tensor.dims, numbers: toNumbers(tensor.type, tensor.elements) };
}

/** Integers that are all plain numbers (no batch, nothing beyond 2⁵³); floats always are. */
export function isExact(constant: Constant): boolean {
  if (isFloat(constant.type)) return true;
  return constant.numbers.every((n) => Math.abs(n) < 2 ** 53);
}

/** The tensor of a constant whose elements are exact. */
export function tensorOf(name: string, constant: Constant): Tensor {
  const { type, dims, numbers } = constant;
  return { name, type, dims, elements: fromNumbers(type, numbers) };
}

/** A list of integers (a shape, axes, pads), undefined where the constant is none. */
export function integersOf(constant: Constant | undefined): readonly number[] | undefined {
  if (constant === undefined || constant.dims.length > 1 || elementTypes[constant.type].kind !== 'int')
    return undefined;
  return Array.from(constant.numbers);
}

export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, d) => product * d, 1);
}
