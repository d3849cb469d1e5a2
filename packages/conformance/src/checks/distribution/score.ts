/**
 * Rao's score of a Boltzmann law at its own parameters. P(s) ∝ exp(Σ_k θ_k T_k(s)) with T_k = s_i for θ_k = β h_i and s_i s_j for θ_k = β J_ij. Where the parameters
 * are off by δ, E[T] moves by C δ, C the covariance of T: δ = C⁻¹ (mean T − E T) is one step of Newton's method from exact to most likely
 * parameters, with covariance C⁻¹ / n.
 */
import type { SpinRows } from '../../lab/probe-view.ts';
import type { Probe } from '../../probes/probe.ts';

export interface Parameter {
  readonly name: string;
  /** β h or β J, in units of k_B·T. */
  readonly value: number;
  /** The spin or the two spins whose product is T. */
  readonly spins: readonly number[];
}

/** All h, then all J. */
export function parametersOf({ fields, edges, scale, beta = 1 }: Probe): readonly Parameter[] {
  return [
    ...fields.map((h, i) => ({ name: `h of spin ${i}`, value: beta * h, spins: [i] })),
    ...edges.map(({ a, b, w }) => ({ name: `J of ${a} and ${b}`, value: beta * scale * w, spins: [a, b] })),
  ];
}

export interface Moments {
  readonly mean: Float64Array;
  /** Row-major. */
  readonly covariance: Float64Array;
}

/** Of all T, under a law of all 2^n states. */
export function momentsOf(parameters: readonly Parameter[], law: Float64Array): Moments {
  const d = parameters.length;
  const mean = new Float64Array(d);
  const second = new Float64Array(d * d);
  const T = new Float64Array(d);
  const masks = parameters.map(({ spins }) => spins.map((spin) => 1 << spin));
  for (const [state, p] of law.entries()) {
    for (const [k, bits] of masks.entries()) T[k] = bits.reduce((sign, bit) => (state & bit ? sign : -sign), 1);
    for (let k = 0; k < d; k++) {
      const weighted = p * (T[k] as number);
      mean[k] = (mean[k] as number) + weighted;
      for (let l = 0; l <= k; l++) second[k * d + l] = (second[k * d + l] as number) + weighted * (T[l] as number);
    }
  }
  const covariance = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    for (let l = 0; l <= k; l++) {
      const value = (second[k * d + l] as number) - (mean[k] as number) * (mean[l] as number);
      covariance[k * d + l] = value;
      covariance[l * d + k] = value;
    }
  }
  return { mean, covariance };
}

/** Mean of all T over the rows. */
export function sampleMeans(parameters: readonly Parameter[], { values, rows, spins }: SpinRows): Float64Array {
  const mean = new Float64Array(parameters.length);
  for (const [k, { spins: of }] of parameters.entries()) {
    const [i, j] = of as [number, number | undefined];
    let sum = 0;
    for (let offset = 0; offset < rows * spins; offset += spins) {
      sum += (values[offset + i] as number) * (j === undefined ? 1 : (values[offset + j] as number));
    }
    mean[k] = sum / rows;
  }
  return mean;
}

/** The inverse of a symmetric positive matrix, row-major, by Gauss and Jordan. Throws RangeError where it is not positive. */
export function inverseOf(matrix: Float64Array): Float64Array {
  const d = Math.round(Math.sqrt(matrix.length));
  const left = matrix.slice();
  const right = new Float64Array(d * d);
  for (let k = 0; k < d; k++) right[k * d + k] = 1;
  for (let k = 0; k < d; k++) {
    const pivot = left[k * d + k] as number;
    if (!(pivot > 1e-12)) throw new RangeError('a matrix that is not positive');
    for (let l = 0; l < d; l++) {
      left[k * d + l] = (left[k * d + l] as number) / pivot;
      right[k * d + l] = (right[k * d + l] as number) / pivot;
    }
    for (let m = 0; m < d; m++) {
      const factor = left[m * d + k] as number;
      if (m === k || factor === 0) continue;
      for (let l = 0; l < d; l++) {
        left[m * d + l] = (left[m * d + l] as number) - factor * (left[k * d + l] as number);
        right[m * d + l] = (right[m * d + l] as number) - factor * (right[k * d + l] as number);
      }
    }
  }
  return right;
}
