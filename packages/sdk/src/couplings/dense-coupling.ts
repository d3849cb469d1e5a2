/** A full matrix as a coupling (semantics 3.6): `matrix[i][j]` joins spin i of `to` and spin j of `from`. */

import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Coupling, DenseForm } from '../program/program-json.ts';
import { type CsrMatrix, csrOf } from './coupling-csr.ts';
import type { CouplingView, Neighbour, Side } from './coupling-view.ts';
import { type WeightData, weightsOf } from './tensor-values.ts';

export class DenseCoupling implements CouplingView {
  readonly coupling: Coupling;
  readonly fromCount: number;
  readonly toCount: number;
  readonly #matrix: WeightData;

  constructor(o: {
    readonly coupling: Coupling;
    readonly form: DenseForm;
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly tensors: Program['tensors'];
  }) {
    this.coupling = o.coupling;
    this.#matrix = weightsOf(o.tensors, o.form.matrix);
    this.fromCount = spinCountOf({ shape: o.from });
    this.toCount = spinCountOf({ shape: o.to });
  }

  nnz(): { readonly nominal: number; readonly actual: number } {
    const entries = this.toCount * this.fromCount;
    return { nominal: entries, actual: entries };
  }

  degree(side: Side, spin: number): number {
    let degree = 0;
    for (const [, weight] of this.neighbours(side, spin)) if (weight !== 0) degree++;
    return degree;
  }

  maxDegree(side: Side): number {
    return this.#sums(side, (weight) => (weight === 0 ? 0 : 1)).reduce((most, degree) => Math.max(most, degree), 0);
  }

  absoluteSums(side: Side): Float64Array<ArrayBuffer> {
    return this.#sums(side, Math.abs);
  }

  *neighbours(side: Side, spin: number): Generator<Neighbour, void, undefined> {
    const { first, step, count } = this.#line(side, spin);
    for (let n = 0; n < count; n++) yield [n, this.#matrix[first + n * step] as number];
  }

  applyForward(states: ArrayLike<number>, out: Float64Array): void {
    for (let i = 0; i < this.toCount; i++) {
      let sum = 0;
      for (let j = 0; j < this.fromCount; j++) {
        sum += (this.#matrix[i * this.fromCount + j] as number) * (states[j] as number);
      }
      out[i] = (out[i] as number) + sum;
    }
  }

  applyAdjoint(states: ArrayLike<number>, out: Float64Array): void {
    for (let i = 0; i < this.toCount; i++) {
      const state = states[i] as number;
      for (let j = 0; j < this.fromCount; j++) {
        out[j] = (out[j] as number) + (this.#matrix[i * this.fromCount + j] as number) * state;
      }
    }
  }

  toCsr(o?: { readonly entriesMax?: number }): CsrMatrix {
    return csrOf(this, o);
  }

  /** Where the weights of one spin lie in the matrix: a row for `to`, a column for `from`. */
  #line(side: Side, spin: number): { first: number; step: number; count: number } {
    return side === 'to'
      ? { first: spin * this.fromCount, step: 1, count: this.fromCount }
      : { first: spin, step: this.fromCount, count: this.toCount };
  }

  #sums(side: Side, term: (weight: number) => number): Float64Array<ArrayBuffer> {
    const sums = new Float64Array(side === 'to' ? this.toCount : this.fromCount);
    for (let i = 0; i < this.toCount; i++) {
      for (let j = 0; j < this.fromCount; j++) {
        const spin = side === 'to' ? i : j;
        sums[spin] = (sums[spin] as number) + term(this.#matrix[i * this.fromCount + j] as number);
      }
    }
    return sums;
  }
}
