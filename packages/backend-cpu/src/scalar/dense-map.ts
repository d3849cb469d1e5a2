/** A full matrix between two banks (semantics 3.6): `matrix[i][j]` joins spin i of `to` and spin j of `from`. */
import type { DenseForm, Program } from '@isinglass/sdk';
import { addFour, addOne, float32Weights, type LinearMap, type MapArguments } from './linear-map.ts';
import { productsPerSlice, type Work } from './work.ts';

export class DenseMap implements LinearMap {
  readonly #weights: Float32Array;
  readonly #fromCount: number;
  readonly #toCount: number;

  constructor(form: DenseForm, fromCount: number, toCount: number, tensors: Program['tensors']) {
    this.#weights = float32Weights(tensors, form.matrix);
    this.#fromCount = fromCount;
    this.#toCount = toCount;
  }

  *apply({ side, acc, x, lanes, spins }: MapArguments): Work {
    const forward = side === 'to';
    const givers = forward ? this.#fromCount : this.#toCount;
    // A row of the matrix for a spin of `to`, a column for a spin of `from`.
    const spinStep = forward ? this.#fromCount : 1;
    const giverStep = forward ? 1 : this.#fromCount;
    let products = 0;
    for (let n = 0; n < spins.length; n++) {
      const spin = spins[n] as number;
      addRow(acc, spin * lanes, x, lanes, givers, this.#weights, spin * spinStep, giverStep);
      products += givers * lanes;
      if (products >= productsPerSlice) {
        products = 0;
        yield;
      }
    }
  }
}

/** One receiving spin: acc[a + lane] += Σ_j weights[k + j·step] · x[j·lanes + lane]. */
function addRow(
  acc: Float64Array,
  a: number,
  x: Float64Array,
  lanes: number,
  givers: number,
  weights: Float32Array,
  k: number,
  step: number,
): void {
  let j = 0;
  for (; j + 3 < givers; j += 4) {
    const at = k + j * step;
    const w0 = weights[at] as number;
    const w1 = weights[at + step] as number;
    const w2 = weights[at + 2 * step] as number;
    const w3 = weights[at + 3 * step] as number;
    addFour(acc, a, x, j * lanes, lanes, lanes, w0, w1, w2, w3);
  }
  for (; j < givers; j++) addOne(acc, a, x, j * lanes, lanes, weights[k + j * step] as number);
}
