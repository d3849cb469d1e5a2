/**
 * An explicit list of couplings (semantics 3.6), and the diagonal as its simplest case. Both ends get compressed rows of
 * their own, so that any subset of spins (one color of a spin glass) is reached without looking at the others.
 */
import type { DiagonalForm, Program, SparseForm, TensorRef } from '@isinglass/sdk';
import { addOne, float32Weights, type LinearMap, type MapArguments } from './linear-map.ts';
import { productsPerSlice, type Work } from './work.ts';

/** Row i has the entries `start[i] … start[i + 1] − 1`. */
interface Rows {
  readonly start: Float64Array;
  readonly column: Uint32Array;
  readonly value: Float32Array;
}

export class SparseMap implements LinearMap {
  /** By receiving spin of `to`, and of `from`. */
  readonly #ofTo: Rows;
  readonly #ofFrom: Rows;

  private constructor(ofTo: Rows, ofFrom: Rows) {
    this.#ofTo = ofTo;
    this.#ofFrom = ofFrom;
  }

  /** Between two banks; with `withinOneBank` a spin's row has all its partners, those before and those after it. */
  static fromRows(
    form: SparseForm,
    o: { readonly fromCount: number; readonly toCount: number; readonly withinOneBank: boolean },
    tensors: Program['tensors'],
  ): SparseMap {
    const value = float32Weights(tensors, form.value);
    const rows = { start: rowStarts(tensors, form.rowStart), column: columns(tensors, form.column), value };
    const adjoint = transposed(rows, o.fromCount);
    if (!o.withinOneBank) return new SparseMap(rows, adjoint);
    const symmetric = joined(adjoint, rows, o.toCount);
    return new SparseMap(symmetric, symmetric);
  }

  static fromDiagonal(form: DiagonalForm, count: number, tensors: Program['tensors']): SparseMap {
    const value = float32Weights(tensors, form.value);
    const rows = {
      start: Float64Array.from({ length: count + 1 }, (_, i) => i),
      column: Uint32Array.from({ length: count }, (_, i) => i),
      value,
    };
    return new SparseMap(rows, rows);
  }

  *apply({ side, acc, x, lanes, spins }: MapArguments): Work {
    const rows = side === 'to' ? this.#ofTo : this.#ofFrom;
    let products = 0;
    for (let n = 0; n < spins.length; n++) {
      const spin = spins[n] as number;
      products += lanes * (1 + addEntries(acc, spin * lanes, x, lanes, rows, spin));
      if (products >= productsPerSlice) {
        products = 0;
        yield;
      }
    }
  }
}

/** All couplings of one receiving spin; their number. */
function addEntries(
  acc: Float64Array,
  a: number,
  x: Float64Array,
  lanes: number,
  { start, column, value }: Rows,
  spin: number,
): number {
  const begin = start[spin] as number;
  const end = start[spin + 1] as number;
  for (let n = begin; n < end; n++) addOne(acc, a, x, (column[n] as number) * lanes, lanes, value[n] as number);
  return end - begin;
}

/** The same entries by column; entries of a row stay in rising order. */
function transposed({ start, column, value }: Rows, columnCount: number): Rows {
  const out = emptyRows(columnCount, column.length);
  for (const c of column) out.start[c + 1] = (out.start[c + 1] as number) + 1;
  for (let c = 0; c < columnCount; c++) out.start[c + 1] = (out.start[c + 1] as number) + (out.start[c] as number);
  const next = out.start.slice();
  for (let row = 0; row + 1 < start.length; row++) {
    for (let n = start[row] as number; n < (start[row + 1] as number); n++) {
      const c = column[n] as number;
      const at = next[c] as number;
      next[c] = at + 1;
      out.column[at] = row;
      out.value[at] = value[n] as number;
    }
  }
  return out;
}

/** Row by row the entries of `a`, then those of `b`. */
function joined(a: Rows, b: Rows, rowCount: number): Rows {
  const out = emptyRows(rowCount, a.column.length + b.column.length);
  let at = 0;
  for (let row = 0; row < rowCount; row++) {
    for (const part of [a, b]) {
      const begin = part.start[row] as number;
      const end = part.start[row + 1] as number;
      out.column.set(part.column.subarray(begin, end), at);
      out.value.set(part.value.subarray(begin, end), at);
      at += end - begin;
    }
    out.start[row + 1] = at;
  }
  return out;
}

function emptyRows(rowCount: number, entries: number): Rows {
  return {
    start: new Float64Array(rowCount + 1),
    column: new Uint32Array(entries),
    value: new Float32Array(entries),
  };
}

function rowStarts(tensors: Program['tensors'], ref: TensorRef): Float64Array {
  const data = tensors.get(ref.tensor)?.data;
  if (data instanceof Uint32Array) return Float64Array.from(data);
  if (data instanceof BigUint64Array) return Float64Array.from(data, Number);
  throw new TypeError(`tensor ${ref.tensor} holds no row starts`);
}

function columns(tensors: Program['tensors'], ref: TensorRef): Uint32Array {
  const data = tensors.get(ref.tensor)?.data;
  if (data instanceof Uint32Array) return data;
  throw new TypeError(`tensor ${ref.tensor} holds no columns`);
}
