/**
 * An ONNX model as the importer works on it: checked once at the door (read-model.ts), tensors in typed arrays,
 * nothing of the wire format left but the nested graphs that are refused.
 */
import type { Elements, ElementType } from './element-type.ts';

/** A constant. `elements` may be a view into the model's bytes: never written. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  /** May be empty (a scalar) and may hold zeros (no elements). */
  readonly dims: readonly number[];
  readonly elements: Elements;
}

/** Whole numbers are BigInt: they go back into host stages exactly. */
export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'string'; readonly value: Uint8Array }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'ints'; readonly value: readonly bigint[] }
  | { readonly kind: 'strings'; readonly value: readonly Uint8Array[] };

export interface OnnxNode {
  /** Unique in the model; made from the operator where the file gives none. */
  readonly name: string;
  readonly opType: string;
  /** `''` is the standard's. */
  readonly domain: string;
  /** `''` is an absent optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** A declared value. A string in `shape` is a size known only at run time, null one that is not named either. */
export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  /** null: not even the rank is declared. */
  readonly shape: readonly (number | string | null)[] | null;
}

export interface OnnxModel {
  readonly irVersion: number;
  /** Version per operator domain; `''` is the standard's. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly producer: string;
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, Tensor>;
  /** Without those that have a constant. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** What the file says of values in between; a hint for operators that the importer does not know. */
  readonly declared: ReadonlyMap<string, OnnxValue>;
}
