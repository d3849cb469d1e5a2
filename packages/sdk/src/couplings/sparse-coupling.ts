/**
 * Compressed rows as a coupling (semantics 3.6): rows are spins of `to`, columns spins of `from`. With from = to each
 * pair is stored once (row < column) and a spin's partners are those of its row and of its column together.
 */
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Coupling, SparseForm } from '../program/program-json.ts';
import { type CsrMatrix, csrOf } from './coupling-csr.ts';
import type { CouplingView, Neighbour, Side } from './coupling-view.ts';
import { columnsOf, rowStartsOf, type WeightData, weightsOf } from './tensor-values.ts';

/** Entries sorted by column: entry n of a column has its row and its place in the stored order. */
interface ColumnIndex {
  readonly start: Float64Array;
  readonly row: Uint32Array;
  readonly entry: Float64Array;
}

export class SparseCoupling implements CouplingView {
  readonly coupling: Coupling;
  readonly fromCount: number;
  readonly toCount: number;
  readonly #rowStart: Float64Array<ArrayBuffer>;
  readonly #column: Uint32Array<ArrayBuffer>;
  readonly #values: WeightData;
  readonly #symmetric: boolean;
  #columnIndex: ColumnIndex | undefined;

  constructor(o: {
    readonly coupling: Coupling;
    readonly form: SparseForm;
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly tensors: Program['tensors'];
  }) {
    this.coupling = o.coupling;
    this.#rowStart = rowStartsOf(o.tensors, o.form.rowStart);
    this.#column = columnsOf(o.tensors, o.form.column);
    this.#values = weightsOf(o.tensors, o.form.value);
    this.#symmetric = o.coupling.from === o.coupling.to;
    this.fromCount = spinCountOf({ shape: o.from });
    this.toCount = spinCountOf({ shape: o.to });
  }

  nnz(): { readonly nominal: number; readonly actual: number } {
    return { nominal: this.#values.length, actual: this.#values.length };
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
    // Partners in the column come first: with from = to their rows are below `spin`, those of its row above.
    if (side === 'from' || this.#symmetric) yield* this.#columnEntries(spin);
    if (side === 'to' || this.#symmetric) yield* this.#rowEntries(spin);
  }

  applyForward(states: ArrayLike<number>, out: Float64Array): void {
    this.#eachEntry((row, column, weight) => {
      out[row] = (out[row] as number) + weight * (states[column] as number);
      if (this.#symmetric) out[column] = (out[column] as number) + weight * (states[row] as number);
    });
  }

  applyAdjoint(states: ArrayLike<number>, out: Float64Array): void {
    if (this.#symmetric) {
      this.applyForward(states, out);
      return;
    }
    this.#eachEntry((row, column, weight) => {
      out[column] = (out[column] as number) + weight * (states[row] as number);
    });
  }

  toCsr(o?: { readonly entriesMax?: number }): CsrMatrix {
    return csrOf(this, o);
  }

  *#rowEntries(row: number): Generator<Neighbour, void, undefined> {
    const last = this.#rowStart[row + 1] as number;
    for (let n = this.#rowStart[row] as number; n < last; n++) {
      yield [this.#column[n] as number, this.#values[n] as number];
    }
  }

  *#columnEntries(column: number): Generator<Neighbour, void, undefined> {
    this.#columnIndex ??= this.#indexColumns();
    const { start, row, entry } = this.#columnIndex;
    const last = start[column + 1] as number;
    for (let n = start[column] as number; n < last; n++) {
      yield [row[n] as number, this.#values[entry[n] as number] as number];
    }
  }

  /** A counting sort by column; rows rise within a column because entries are visited in row order. */
  #indexColumns(): ColumnIndex {
    const start = new Float64Array(this.fromCount + 1);
    for (const column of this.#column) start[column + 1] = (start[column + 1] as number) + 1;
    for (let n = 0; n < this.fromCount; n++) start[n + 1] = (start[n + 1] as number) + (start[n] as number);
    const next = start.slice();
    const row = new Uint32Array(this.#column.length);
    const entry = new Float64Array(this.#column.length);
    this.#eachEntry((r, column, _weight, n) => {
      const place = next[column] as number;
      next[column] = place + 1;
      row[place] = r;
      entry[place] = n;
    });
    return { start, row, entry };
  }

  #sums(side: Side, term: (weight: number) => number): Float64Array<ArrayBuffer> {
    const sums = new Float64Array(side === 'to' ? this.toCount : this.fromCount);
    this.#eachEntry((row, column, weight) => {
      if (side === 'to' || this.#symmetric) sums[row] = (sums[row] as number) + term(weight);
      if (side === 'from' || this.#symmetric) sums[column] = (sums[column] as number) + term(weight);
    });
    return sums;
  }

  #eachEntry(visit: (row: number, column: number, weight: number, entry: number) => void): void {
    for (let row = 0; row < this.toCount; row++) {
      const last = this.#rowStart[row + 1] as number;
      for (let n = this.#rowStart[row] as number; n < last; n++) {
        visit(row, this.#column[n] as number, this.#values[n] as number, n);
      }
    }
  }
}
