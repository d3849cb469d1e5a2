/**
 * The program as JSON (architecture section 4): device-neutral, self-contained, readonly data.
 * Discriminated unions make impossible what the verifier would reject: a pinned bank has no color, `fixed` exists
 * exactly under the fixed law (checked across the program by the verifier, semantics section 9).
 */

/** Names a tensor of the `.isg` file. */
export interface TensorRef {
  readonly tensor: string;
}

export interface ProgramJson {
  readonly irVersion: string;
  /** Sorted, exactly what is used (semantics 8.5). */
  readonly features: readonly Feature[];
  readonly name: string;
  readonly provenance: Readonly<Record<string, unknown>>;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly law: Law;
  readonly inputs: readonly ValueSpec[];
  readonly outputs: readonly ValueSpec[];
  /** In order; a stage reads named values defined before it. */
  readonly stages: readonly Stage[];
}

export type Law = { readonly kind: 'real' } | { readonly kind: 'fixed' };

export const features = [
  'border',
  'color-map',
  'conditional-sum',
  'conv',
  'dense',
  'diagonal',
  'feed-forward',
  'fixed',
  'host',
  'real',
  'runtime-gain',
  'sparse',
  'state',
  'temperature',
] as const;
/** An ability that a program needs (semantics 8.5). */
export type Feature = (typeof features)[number];

/** A named value that flows between stages. `shape[0]` is always `"batch"`. */
export interface ValueSpec {
  readonly name: string;
  readonly dtype: ValueDtype;
  readonly shape: readonly ('batch' | number)[];
}
export type ValueDtype = 'spin' | 'f32' | 'u8' | 'i64';

export type Stage = HostStage | Block;

/** An ONNX graph that runs on the host; inputs and outputs are bound to the graph's by position. */
export interface HostStage {
  readonly kind: 'host';
  readonly id: string;
  readonly onnx: TensorRef;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** One Ising system, run as a unit. */
export interface Block {
  readonly kind: 'block';
  readonly id: string;
  /** 0 … 255, unique in the program: part of the random number counter (semantics 5.1). */
  readonly index: number;
  readonly banks: readonly Bank[];
  readonly gains: readonly Gain[];
  readonly couplings: readonly Coupling[];
  readonly biases: readonly Bias[];
  readonly readouts: readonly Readout[];
  readonly schedule: Schedule;
  /** Present exactly under the fixed law. */
  readonly fixed?: FixedPoint;
}

/** `fractionBits` k: one unit of field is 2^−k, 4 ≤ k ≤ 12. `beta` is the reference β > 0 (semantics 4.5). */
export interface FixedPoint {
  readonly fractionBits: number;
  readonly beta: number;
}

export type Bank = PinnedBank | FreeBank;

/** Held for a whole run at the named value, one row per image. */
export interface PinnedBank {
  readonly id: string;
  readonly role: 'pinned';
  readonly shape: readonly number[];
  readonly value: string;
  readonly color?: never;
  readonly colorMap?: never;
}

/** Updated once per sweep; exactly one of `color` and `colorMap` (U16, the bank's shape). */
export type FreeBank = {
  readonly id: string;
  readonly role: 'free';
  readonly shape: readonly number[];
  readonly value?: never;
} & ({ readonly color: number; readonly colorMap?: never } | { readonly color?: never; readonly colorMap: TensorRef });

/** A named factor shared by everything that names it; δ of the paper is one. */
export interface Gain {
  readonly id: string;
  readonly value: number;
  /** Whether a run may set it. */
  readonly runtime: boolean;
}

export interface Coupling {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly gain: string;
  readonly form: CouplingForm;
  /** Fixed law only: J = scale · w with int8 w (semantics 4.1). */
  readonly scale?: number;
  readonly constraint?: CouplingConstraint;
}

export type CouplingForm = ConvForm | DenseForm | SparseForm | DiagonalForm;

/** ONNX `Conv` geometry (semantics 3.4). `pads`: all begins, then all ends. */
export interface ConvForm {
  readonly kind: 'conv';
  /** `[Cout, Cin/groups, ...k]` */
  readonly kernel: TensorRef;
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
}
/** `matrix` is `[Nto, Nfrom]`, flat row-major spin indices. */
export interface DenseForm {
  readonly kind: 'dense';
  readonly matrix: TensorRef;
}
/** Compressed rows: rows are `to`, columns `from`. The only form that may have `from = to`, then row < column. */
export interface SparseForm {
  readonly kind: 'sparse';
  /** U32 or U64, Nto + 1 */
  readonly rowStart: TensorRef;
  /** U32 */
  readonly column: TensorRef;
  readonly value: TensorRef;
}
/** `value[i]` joins spin i of both banks. */
export interface DiagonalForm {
  readonly kind: 'diagonal';
  readonly value: TensorRef;
}

/** Promises about a coupling: proved by the verifier, kept by passes, matched by `plan()`. */
export interface CouplingConstraint {
  readonly weightBits?: number;
  readonly levels?: readonly number[];
  readonly nonzerosMax?: number;
  readonly degreeToMax?: number;
  readonly degreeFromMax?: number;
}

export type Bias = {
  readonly bank: string;
  readonly gain: string;
  /** F32: the bank's shape (`spin`), `[C]` (`channel`), `[C, ny, nx]` or `[C, nx]` (`border`). */
  readonly values: TensorRef;
} & (
  | { readonly form: 'spin' | 'channel'; readonly border?: never }
  | { readonly form: 'border'; readonly border: BorderRule }
);

/** Per spatial axis the first index of every border class (semantics 3.5). */
export interface BorderRule {
  readonly starts: readonly (readonly number[])[];
}

export const observables = ['spin-sum', 'conditional-sum', 'state'] as const;
/** What is summed over the retained sweeps (semantics 2.1). */
export type Observable = (typeof observables)[number];

export type Readout = {
  readonly id: string;
  readonly bank: string;
  /** The sign of a zero sum (semantics 2.2). */
  readonly tie: 1 | -1;
} & (
  | {
      readonly observable: 'spin-sum' | 'conditional-sum' /** The spin value that the signs define. */;
      readonly signs?: string;
    }
  | { readonly observable: 'state'; readonly signs?: never }
);

export interface Schedule {
  readonly sweeps: number;
  readonly burnIn: number;
  readonly stride: number;
  readonly chains: number;
  /** Every color in use, once, in the order of a sweep (semantics 1.5). */
  readonly colors: readonly number[];
  readonly init: 'random' | 'feed-forward';
  readonly beta: number | readonly BetaStep[];
}

/** From this sweep on, this β. */
export interface BetaStep {
  readonly sweep: number;
  readonly beta: number;
}
