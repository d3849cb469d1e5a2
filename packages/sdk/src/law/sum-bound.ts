/**
 * An upper bound of Σ|w| over the couplings of any one spin (semantics 4.1), in one pass over the weights. Convolutions count
 * every tap, as if no spin were at a border and every stride 1: never too small, and independent of the map's size.
 */
import type { Program } from '../program/program.ts';
import type { Coupling, TensorRef } from '../program/program-json.ts';

/** The bound for one coupling of the fixed law, with int8 weights; from the verified program's tensors. */
export function sumBound(tensors: Program['tensors'], { form, from, to }: Coupling): number {
  switch (form.kind) {
    case 'conv': {
      const [outChannels = 1, inChannels = 1, ...taps] = tensors.get(form.kernel.tensor)?.shape ?? [];
      const perChannel = taps.reduce((product, size) => product * size, 1);
      return matrixBound(weights(tensors, form.kernel), { outChannels, inChannels, perChannel, groups: form.groups });
    }
    case 'dense': {
      const [outChannels = 1, inChannels = 1] = tensors.get(form.matrix.tensor)?.shape ?? [];
      return matrixBound(weights(tensors, form.matrix), { outChannels, inChannels, perChannel: 1, groups: 1 });
    }
    case 'diagonal':
      return weights(tensors, form.value).reduce((most, w) => Math.max(most, Math.abs(w)), 0);
    case 'sparse': {
      const rowStart = tensors.get(form.rowStart.tensor)?.data ?? [];
      const column = tensors.get(form.column.tensor)?.data ?? [];
      return sparseBound(weights(tensors, form.value), rowStart, column, from === to);
    }
    default:
      return form satisfies never;
  }
}

/** The larger of: Σ over one output's weights, Σ over one input's weights; `w[oc][ic][t]`, input channels within their group. */
function matrixBound(
  w: Int8Array,
  o: {
    readonly outChannels: number;
    readonly inChannels: number;
    readonly perChannel: number;
    readonly groups: number;
  },
): number {
  const ofOutput = new Float64Array(o.outChannels);
  const ofInput = new Float64Array(o.inChannels * o.groups);
  let at = 0;
  for (let out = 0; out < o.outChannels; out++) {
    const group = Math.floor((out * o.groups) / o.outChannels);
    for (let into = 0; into < o.inChannels; into++) {
      let sum = 0;
      for (const end = at + o.perChannel; at < end; at++) sum += Math.abs(w[at] as number);
      ofOutput[out] = (ofOutput[out] as number) + sum;
      const input = group * o.inChannels + into;
      ofInput[input] = (ofInput[input] as number) + sum;
    }
  }
  return Math.max(largest(ofOutput), largest(ofInput));
}

function sparseBound(
  w: Int8Array,
  rowStart: ArrayLike<number | bigint>,
  column: ArrayLike<number | bigint>,
  withinOneBank: boolean,
): number {
  const ofRow = new Float64Array(Math.max(0, rowStart.length - 1));
  const ofColumn = new Map<number, number>();
  for (let row = 0; row < ofRow.length; row++) {
    for (let n = Number(rowStart[row]); n < Number(rowStart[row + 1]); n++) {
      const magnitude = Math.abs(w[n] as number);
      const col = Number(column[n]);
      ofRow[row] = (ofRow[row] as number) + magnitude;
      ofColumn.set(col, (ofColumn.get(col) ?? 0) + magnitude);
    }
  }
  let bound = largest(ofRow);
  for (const [col, sum] of ofColumn) bound = Math.max(bound, withinOneBank ? sum + (ofRow[col] as number) : sum);
  return bound;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}

function weights(tensors: Program['tensors'], ref: TensorRef): Int8Array {
  const data = tensors.get(ref.tensor)?.data;
  if (data instanceof Int8Array) return data;
  throw new TypeError(`tensor ${ref.tensor} holds no int8 weights`);
}
