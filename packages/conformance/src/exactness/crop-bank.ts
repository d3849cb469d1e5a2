/**
 * A smaller program and run: banks keep the leading spins of each axis, everything that touches them is cut to fit. Where a convolution or a
 * diagonal coupling joins two banks, the other one is cut, too. Throws CannotCrop where no such program exists.
 */
import {
  type Block,
  type Coupling,
  convOutputSize,
  emptySpins,
  type PackedSpins,
  type ProgramTensor,
  type TensorData,
  type TensorRef,
  wordsPerRow,
} from '@isinglass/sdk';
import { sizeOf } from './draft-bank.ts';

export class CannotCrop extends Error {
  override readonly name = 'CannotCrop';
}

export type Shapes = ReadonlyMap<string, readonly number[]>;
type Tensors = ReadonlyMap<string, ProgramTensor>;

/** Shapes of all banks after one axis of one bank is cut to `size`. */
export function shapesAfter(
  block: Block,
  tensors: Tensors,
  cut: { readonly bank: string; readonly axis: number; readonly size: number },
): Shapes {
  const shapes = new Map<string, readonly number[]>(block.banks.map(({ id, shape }) => [id, shape]));
  const set = (bank: string, shape: readonly number[]): boolean => {
    const now = shapes.get(bank) as readonly number[];
    if (shape.some((size, axis) => size > (now[axis] as number) || size < 1)) throw new CannotCrop(bank);
    if (shape.every((size, axis) => size === now[axis])) return false;
    shapes.set(bank, shape);
    return true;
  };
  const whole = shapes.get(cut.bank) as readonly number[];
  set(cut.bank, whole.with(cut.axis, cut.size));
  // Sizes only fall, so this ends.
  for (let changed = true; changed; ) {
    changed = false;
    for (const coupling of block.couplings) {
      const [from, to] = [shapes.get(coupling.from), shapes.get(coupling.to)] as [readonly number[], readonly number[]];
      if (coupling.form.kind === 'diagonal') {
        const both = smaller(from, to);
        changed = set(coupling.from, both) || changed;
        changed = set(coupling.to, both) || changed;
      } else if (coupling.form.kind === 'conv') {
        const joined = convShapes(coupling.form, tensors, from, to);
        changed = set(coupling.from, joined.from) || changed;
        changed = set(coupling.to, joined.to) || changed;
      }
    }
  }
  return shapes;
}

function smaller(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length !== b.length) throw new CannotCrop('a diagonal coupling of two ranks');
  return a.map((size, axis) => Math.min(size, b[axis] as number));
}

/** The largest shapes within the given ones that the convolution joins. */
function convShapes(
  form: Extract<Coupling['form'], { kind: 'conv' }>,
  tensors: Tensors,
  from: readonly number[],
  to: readonly number[],
): { from: readonly number[]; to: readonly number[] } {
  const kernel = tensors.get(form.kernel.tensor)?.shape as readonly number[];
  const channels = [from[0], to[0]] as [number, number];
  const uncut = channels[0] === (kernel[1] as number) * form.groups && channels[1] === kernel[0];
  if (form.groups > 1 && !uncut) throw new CannotCrop('channels of a grouped convolution');
  const sizes = from.slice(1).map((most, axis) => {
    const count = from.length - 1;
    const outputOf = (inputSize: number): number =>
      convOutputSize({
        inputSize,
        taps: kernel[axis + 2] as number,
        stride: form.strides[axis] as number,
        dilation: form.dilations[axis] as number,
        padBegin: form.pads[axis] as number,
        padEnd: form.pads[axis + count] as number,
      });
    let input = most;
    while (input > 0 && outputOf(input) > (to[axis + 1] as number)) input--;
    if (input < 1 || outputOf(input) < 1) throw new CannotCrop('an axis of a convolution');
    return { input, output: outputOf(input) };
  });
  return {
    from: [channels[0], ...sizes.map(({ input }) => input)],
    to: [channels[1], ...sizes.map(({ output }) => output)],
  };
}

/** Flat indices, in the old shape, of what the new shape keeps; rising. */
export function keptIndices(old: readonly number[], shape: readonly number[]): number[] {
  let kept = [0];
  for (const [axis, size] of old.entries()) {
    kept = kept.flatMap((index) => Array.from({ length: shape[axis] as number }, (_, n) => index * size + n));
  }
  return kept;
}

/** The block and its tensors with banks of these shapes. Tensors of other blocks stay. */
export function croppedBlock(
  block: Block,
  tensors: Tensors,
  shapes: Shapes,
): { readonly block: Block; readonly tensors: Map<string, ProgramTensor> } {
  const out = new Map(tensors);
  const old = new Map(block.banks.map(({ id, shape }) => [id, shape]));
  const kept = new Map(
    block.banks.map(({ id, shape }) => [id, keptIndices(shape, shapes.get(id) as readonly number[])]),
  );
  const put = ({ tensor }: TensorRef, shape: readonly number[], indices: readonly number[]): void => {
    const { dtype, data } = tensors.get(tensor) as ProgramTensor;
    out.set(tensor, { dtype, shape, data: picked(data, indices) });
  };
  const banks = block.banks.map((bank) => {
    const shape = shapes.get(bank.id) as readonly number[];
    if (bank.colorMap !== undefined) put(bank.colorMap, shape, kept.get(bank.id) as number[]);
    return { ...bank, shape };
  });
  for (const { form, from, to } of block.couplings) {
    const [kf, kt] = [kept.get(from), kept.get(to)] as [number[], number[]];
    const width = sizeOf(old.get(from) as readonly number[]);
    if (form.kind === 'dense') {
      put(
        form.matrix,
        [kt.length, kf.length],
        kt.flatMap((row) => kf.map((column) => row * width + column)),
      );
    } else if (form.kind === 'diagonal') {
      put(form.value, [kt.length], kt);
    } else if (form.kind === 'sparse') {
      cropSparse(form, { tensors, out, rows: kt, columns: kf });
    } else {
      const whole = (tensors.get(form.kernel.tensor) as ProgramTensor).shape;
      const channels = [shapes.get(to)?.[0], shapes.get(from)?.[0]] as [number, number];
      const shape = form.groups > 1 ? whole : [...channels, ...whole.slice(2)];
      put(form.kernel, shape, keptIndices(whole, shape));
    }
  }
  const biases = block.biases.map((bias) => {
    const [whole, shape] = [old.get(bias.bank), shapes.get(bias.bank)] as [readonly number[], readonly number[]];
    if (bias.form !== 'border') {
      const [before, after] = bias.form === 'spin' ? [whole, shape] : [whole.slice(0, 1), shape.slice(0, 1)];
      put(bias.values, after, keptIndices(before, after));
      return bias;
    }
    const starts = bias.border.starts.map((list, axis) => list.filter((start) => start < (shape[axis + 1] as number)));
    const before = (tensors.get(bias.values.tensor) as ProgramTensor).shape;
    const after = [shape[0] as number, ...starts.map((list) => list.length)];
    put(bias.values, after, keptIndices(before, after));
    return { ...bias, border: { starts } };
  });
  return { block: { ...block, banks, biases }, tensors: out };
}

function cropSparse(
  form: Extract<Coupling['form'], { kind: 'sparse' }>,
  o: {
    readonly tensors: Tensors;
    readonly out: Map<string, ProgramTensor>;
    readonly rows: readonly number[];
    readonly columns: readonly number[];
  },
): void {
  const starts = Array.from(
    (o.tensors.get(form.rowStart.tensor) as ProgramTensor).data as Iterable<number | bigint>,
    Number,
  );
  const columns = (o.tensors.get(form.column.tensor) as ProgramTensor).data as Uint32Array;
  const value = o.tensors.get(form.value.tensor) as ProgramTensor;
  const place = new Map(o.columns.map((column, n) => [column, n]));
  const entries: number[] = [];
  const ends = o.rows.map((row) => {
    for (let n = starts[row] as number; n < (starts[row + 1] as number); n++) {
      if (place.has(columns[n] as number)) entries.push(n);
    }
    return entries.length;
  });
  o.out.set(form.rowStart.tensor, { dtype: 'U32', shape: [ends.length + 1], data: Uint32Array.from([0, ...ends]) });
  o.out.set(form.column.tensor, {
    dtype: 'U32',
    shape: [entries.length],
    data: Uint32Array.from(entries, (n) => place.get(columns[n] as number) as number),
  });
  o.out.set(form.value.tensor, { dtype: value.dtype, shape: [entries.length], data: picked(value.data, entries) });
}

function picked(data: TensorData, indices: readonly number[]): TensorData {
  if (data instanceof Int8Array) return Int8Array.from(indices, (n) => data[n] as number);
  if (data instanceof Float32Array) return Float32Array.from(indices, (n) => data[n] as number);
  if (data instanceof Uint16Array) return Uint16Array.from(indices, (n) => data[n] as number);
  throw new CannotCrop('a tensor of another type');
}

/** Rows of spins with only these spins. */
export function croppedSpins({ words, rows, spinCount }: PackedSpins, kept: readonly number[]): PackedSpins {
  const out = emptySpins(rows, kept.length);
  const [before, after] = [wordsPerRow(spinCount), wordsPerRow(kept.length)];
  for (let row = 0; row < rows; row++) {
    for (const [n, spin] of kept.entries()) {
      const bit = ((words[row * before + (spin >>> 5)] as number) >>> (spin & 31)) & 1;
      const at = row * after + (n >>> 5);
      out.words[at] = ((out.words[at] as number) | (bit << (n & 31))) >>> 0;
    }
  }
  return out;
}
