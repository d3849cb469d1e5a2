/**
 * A block after folding: plain couplings and biases in float64 (semantics 3.2), nothing rounded and nothing unrolled.
 */
import type { BlockModel } from '../model/block-model.ts';
import type { BiasForm } from './class-grid.ts';

/** The names of semantics 3.2. */
export type CouplingId = 'k1' | 'k2' | 'k3';
/** Input, hidden and output spins. */
export type BankId = 's0' | 's1' | 's2';
/** `one` is constant; `delta` is the temperature gradient δ, shared by everything that acts on s2 (semantics 3.3). */
export type GainId = 'one' | 'delta';

/** Geometry of a coupling, without its values. */
export type FoldedForm =
  | {
      readonly kind: 'conv';
      readonly strides: readonly number[];
      readonly pads: readonly number[];
      readonly dilations: readonly number[];
      readonly groups: number;
    }
  | { readonly kind: 'dense' }
  | { readonly kind: 'diagonal' };

/** One coupling of the block, affine maps multiplied in. */
export interface FoldedCoupling {
  readonly id: CouplingId;
  readonly from: BankId;
  readonly to: BankId;
  readonly gain: GainId;
  readonly form: FoldedForm;
  /** Of the kernel, matrix or diagonal. */
  readonly shape: readonly number[];
  readonly values: Float64Array<ArrayBuffer>;
  /** The ONNX nodes whose numbers are in it. */
  readonly nodes: readonly string[];
}

/** One bias of a bank: the sum of everything that shifts its field. */
export interface FoldedBias {
  readonly bank: BankId;
  readonly gain: GainId;
  readonly form: BiasForm;
  /** Per spatial axis the first index of every class; only for `border`. */
  readonly starts: readonly (readonly number[])[] | null;
  readonly shape: readonly number[];
  readonly values: Float64Array<ArrayBuffer>;
  /** Why this form: what it is the sum of. */
  readonly reason: string;
}

/** A block as couplings and biases. */
export interface FoldedBlock {
  readonly model: BlockModel;
  readonly couplings: readonly FoldedCoupling[];
  /** At most one per bank; a bank whose biases are all zero has none. */
  readonly biases: readonly FoldedBias[];
}

/** Shapes of the three banks of a block. */
export function bankShapes(model: BlockModel): Readonly<Record<BankId, readonly number[]>> {
  return { s0: model.inputShape, s1: model.hiddenShape, s2: model.outputShape };
}
