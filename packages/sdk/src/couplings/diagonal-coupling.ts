/** A one-to-one coupling (semantics 3.6): `value[i]` joins spin i of both banks. */
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Coupling, DiagonalForm } from '../program/program-json.ts';
import { type CsrMatrix, csrOf } from './coupling-csr.ts';
import type { CouplingView, Neighbour, Side } from './coupling-view.ts';
import { type WeightData, weightsOf } from './tensor-values.ts';

export class DiagonalCoupling implements CouplingView {
  readonly coupling: Coupling;
  readonly fromCount: number;
  readonly toCount: number;
  readonly #values: WeightData;

  constructor(o: {
    readonly coupling: Coupling;
    readonly form: DiagonalForm;
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly tensors: Program['tensors'];
  }) {
    this.coupling = o.coupling;
    this.#values = weightsOf(o.tensors, o.form.value);
    this.fromCount = spinCountOf({ shape: o.from });
    this.toCount = spinCountOf({ shape: o.to });
  }

  nnz(): { readonly nominal: number; readonly actual: number } {
    return { nominal: this.#values.length, actual: this.#values.length };
  }

  degree(_side: Side, spin: number): number {
    return this.#values[spin] === 0 ? 0 : 1;
  }

  maxDegree(_side: Side): number {
    return this.#values.some((weight) => weight !== 0) ? 1 : 0;
  }

  absoluteSums(_side: Side): Float64Array<ArrayBuffer> {
    return Float64Array.from(this.#values, Math.abs);
  }

  *neighbours(_side: Side, spin: number): Generator<Neighbour, void, undefined> {
    yield [spin, this.#values[spin] as number];
  }

  applyForward(states: ArrayLike<number>, out: Float64Array): void {
    for (let i = 0; i < this.#values.length; i++) {
      out[i] = (out[i] as number) + (this.#values[i] as number) * (states[i] as number);
    }
  }

  applyAdjoint(states: ArrayLike<number>, out: Float64Array): void {
    this.applyForward(states, out);
  }

  toCsr(o?: { readonly entriesMax?: number }): CsrMatrix {
    return csrOf(this, o);
  }
}
