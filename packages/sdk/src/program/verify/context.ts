/** What the checks of one block know of it and of each other. A fact that a violation has spoiled is undefined. */
import type { ConvAxis } from '../../couplings/conv-axis.ts';
import type { WeightData } from '../../couplings/tensor-values.ts';
import type { Multiplier } from '../../law/multiplier.ts';
import type { Bias, Coupling, FixedPoint } from '../program-json.ts';
import type { ViolationList } from '../violation.ts';
import type { DraftBank, DraftBlock } from './draft-program.ts';
import type { TensorTable } from './tensor-table.ts';

export interface ProgramContext {
  readonly law: 'real' | 'fixed';
  readonly tensors: TensorTable;
  readonly found: ViolationList;
}

/** The colors of a free bank: one number, or one per spin. */
export type BankColors = number | Uint16Array<ArrayBuffer>;

export interface BankFacts {
  readonly bank: DraftBank;
  readonly where: string;
  /** Undefined when the shape is invalid, or when the block has more spins than a counter can number. */
  readonly spinCount: number | undefined;
  /** Undefined for pinned banks and for colors that are invalid. */
  readonly colors: BankColors | undefined;
}

/** A coupling whose ends, tensors and geometry are valid. */
export interface CouplingFacts {
  readonly coupling: Coupling;
  readonly where: string;
  readonly from: SoundBank;
  readonly to: SoundBank;
  readonly weights: WeightData;
  /** The place of the tensor that holds the weights. */
  readonly weightsWhere: string;
  readonly geometry: CouplingGeometry;
  /** Undefined when the gain is unknown or not positive. */
  readonly gain: number | undefined;
}

export type SoundBank = BankFacts & { readonly spinCount: number };

export type CouplingGeometry =
  | { readonly kind: 'conv'; readonly conv: ConvGeometry }
  | { readonly kind: 'dense' | 'diagonal' }
  | {
      readonly kind: 'sparse';
      readonly rowStart: Uint32Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;
      readonly column: Uint32Array<ArrayBuffer>;
    };

export interface ConvGeometry {
  readonly y: ConvAxis;
  readonly x: ConvAxis;
  readonly groups: number;
  /** Channels of `from` and of `to` in each group. */
  readonly fromPerGroup: number;
  readonly toPerGroup: number;
}

export interface BiasFacts {
  readonly bias: Bias;
  readonly where: string;
  readonly bank: SoundBank;
  readonly values: Float32Array<ArrayBuffer>;
  readonly gain: number | undefined;
}

export interface BlockFacts {
  readonly block: DraftBlock;
  readonly where: string;
  /** By id; of several with one id the first. */
  readonly banks: ReadonlyMap<string, BankFacts>;
  /** By id; undefined for a value that is not positive. */
  readonly gains: ReadonlyMap<string, number | undefined>;
  /** Undefined under the real law, and when invalid. */
  readonly fixed: FixedPoint | undefined;
}

/** A coupling that the fixed law can evaluate. */
export interface ScaledCoupling {
  readonly facts: CouplingFacts;
  readonly multiplier: Multiplier;
}
