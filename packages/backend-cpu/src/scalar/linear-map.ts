/**
 * What a coupling does to the state of one of its ends:  acc_i += Σ_j w_ij · x_j,  for several rows at once.
 *
 * A bank's values lie spin by spin, each spin with `lanes` float64 numbers side by side: `x[spin · lanes + lane]`. All
 * rows share the couplings, so a weight is loaded once for all lanes, and neighbouring pixels of a convolution are one
 * contiguous stretch. Float64 serves every use: integers below 2⁵³ are exact under the fixed law (`row-packing.ts` puts
 * several rows into one lane), and it is the arithmetic of the real law.
 *
 * Weights are float32: int8 integers and float32 couplings are both held exactly, and every loop sees one type.
 */
import type { Program, Side, TensorRef } from '@isinglass/sdk';
import type { Work } from './work.ts';

export interface LinearMap {
  /** Adds to `acc` of the bank at `side` what the bank at the other side gives it. */
  apply(o: MapArguments): Work;
}

export interface MapArguments {
  /** The end that receives. A coupling within one bank ignores it. */
  readonly side: Side;
  /** Of the receiving bank; at least `spins` must be set before. Other spins may be written too. */
  readonly acc: Float64Array;
  /** Of the other bank. */
  readonly x: Float64Array;
  readonly lanes: number;
  /** The receiving spins that are wanted, rising. */
  readonly spins: Uint32Array;
}

/** acc[a + i] += Σ_q w_q · x[b + q·plane + i]  for i = 0 … count − 1 and q = 0 … 3: one load and store of acc for four products. */
export function addFour(
  acc: Float64Array,
  a: number,
  x: Float64Array,
  b: number,
  plane: number,
  count: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
): void {
  const b1 = b + plane;
  const b2 = b1 + plane;
  const b3 = b2 + plane;
  for (let i = 0; i < count; i++) {
    acc[a + i] =
      (acc[a + i] as number) +
      (w0 * (x[b + i] as number) +
        w1 * (x[b1 + i] as number) +
        w2 * (x[b2 + i] as number) +
        w3 * (x[b3 + i] as number));
  }
}

/** acc[a + i] += w · x[b + i]  for i = 0 … count − 1. */
export function addOne(acc: Float64Array, a: number, x: Float64Array, b: number, count: number, w: number): void {
  for (let i = 0; i < count; i++) acc[a + i] = (acc[a + i] as number) + w * (x[b + i] as number);
}

/** Stored weights as float32: the tensor itself under the real law, a copy under the fixed law. */
export function float32Weights(tensors: Program['tensors'], ref: TensorRef): Float32Array {
  const data = tensors.get(ref.tensor)?.data;
  if (data instanceof Float32Array) return data;
  if (data instanceof Int8Array) return new Float32Array(data);
  throw new TypeError(`tensor ${ref.tensor} holds no weights`);
}
