/**
 * What the importer finds in a trained network: its thermodynamic blocks as the model defines them (paper eq. 1–4,
 * with batch normalisation and other affine maps still separate), and the host stages between them.
 *
 *   x'  = a_in ⊙ x + d_in
 *   z1  = hidden( K1 x' + b1 )                       hidden: the affine maps between K1 and Tanh
 *   z2  = output( k2Path( K2 (a_mid ⊙ tanh z1 + d_mid) + b2 ) + k3Path( K3 x' + b3 ) )
 *   y   = sign z2
 *
 * All numbers are float64, widened exactly from the model's; folding (fold/) and rounding (quantize/) come later.
 */

/** A linear layer of the network, with the ONNX node that it comes from. Weights are never unrolled. */
export type LinearLayer = {
  readonly node: string;
  /** Per output channel (`[Cout]`, or `[Nto]` for dense), or null. */
  readonly bias: Float64Array<ArrayBuffer> | null;
} & (
  | {
      readonly kind: 'conv';
      /** `[Cout, Cin/groups, ...k]`, row-major. */
      readonly weights: Float64Array<ArrayBuffer>;
      readonly shape: readonly number[];
      readonly strides: readonly number[];
      /** All begins, then all ends. */
      readonly pads: readonly number[];
      readonly dilations: readonly number[];
      readonly groups: number;
    }
  | {
      readonly kind: 'dense';
      /** `[Nto, Nfrom]`, row-major. */
      readonly weights: Float64Array<ArrayBuffer>;
      readonly shape: readonly [number, number];
    }
  | { readonly kind: 'identity' }
);

/** y = scale ⊙ x + shift over a bank: one pair of numbers, one per channel, or one per spin. */
export interface Affine {
  readonly granularity: 'scalar' | 'channel' | 'spin';
  /** Length 1, C, or the bank's spin count. */
  readonly scale: Float64Array<ArrayBuffer>;
  readonly shift: Float64Array<ArrayBuffer>;
  /** The ONNX nodes that it was made of. */
  readonly nodes: readonly string[];
}

/** One thermodynamic block. Shapes are without the batch: `[C, H, W]`, `[C, L]` or `[N]`. */
export interface BlockModel {
  readonly id: string;
  /** The binary value that it reads and the sign value that it defines. */
  readonly input: string;
  readonly output: string;
  readonly inputShape: readonly number[];
  readonly hiddenShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly in: Affine;
  readonly k1: LinearLayer;
  readonly hidden: Affine;
  readonly mid: Affine;
  readonly k2: LinearLayer;
  readonly k2Path: Affine;
  readonly k3: LinearLayer | null;
  readonly k3Path: Affine;
  readonly outputAffine: Affine;
  /** Names of every ONNX node that the block replaces. */
  readonly nodes: readonly string[];
}

/** A part of the graph that stays with the host runtime, as a self-contained ONNX model. */
export interface HostModel {
  readonly id: string;
  readonly onnx: Uint8Array<ArrayBuffer>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly string[];
  /** Why each node stayed on the host: node name → reason. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Multiply-adds per image. */
  readonly multiplyAdds: number;
}

export interface ModelValue {
  readonly name: string;
  readonly dtype: 'spin' | 'f32' | 'u8' | 'i64';
  /** The first entry is "batch". */
  readonly shape: readonly ('batch' | number)[];
}

/** A whole network, cut into stages in order of execution. */
export interface ImportedModel {
  readonly name: string;
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  readonly stages: readonly (({ readonly kind: 'block' } & BlockModel) | ({ readonly kind: 'host' } & HostModel))[];
  readonly opset: number;
  readonly producer: string;
  /** Multiply-adds per image of the whole network: in-bounds taps only. */
  readonly multiplyAdds: number;
}
