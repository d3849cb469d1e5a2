/** Random couplings of every form between two given banks (semantics 3.4, 3.6). */
import type { Dtype, TensorData } from '../program/program.ts';
import type { Coupling, CouplingForm, TensorRef } from '../program/program-json.ts';
import type { Dice } from './dice.ts';

/** Where a generator puts tensors; the name is also the reference. */
export type AddTensor = (name: string, dtype: Dtype, shape: readonly number[], data: TensorData) => TensorRef;

/** A bank as the generator of couplings needs it: `colors` is one per spin, or null when the bank is pinned. */
export interface BankSketch {
  readonly id: string;
  readonly shape: readonly number[];
  readonly spinCount: number;
  readonly colors: readonly number[] | null;
}

export interface CouplingOptions {
  readonly id: string;
  readonly gain: string;
  readonly forms: readonly CouplingForm['kind'][];
  readonly law: 'fixed' | 'real';
  /** β·gain·2^k under the fixed law: bounds the scale so that the field stays representable. */
  readonly fieldUnitsPerScale: number;
  /** Typical |β·f| of a spin from this coupling alone. */
  readonly strength: number;
  readonly add: AddTensor;
  readonly tensorPrefix: string;
}

/** A random coupling of `from` to `to`, or null when no allowed form can join them. */
export function randomCoupling(dice: Dice, from: BankSketch, to: BankSketch, o: CouplingOptions): Coupling | null {
  const kinds = dice.shuffled(o.forms.filter((kind) => canJoin(kind, from, to)));
  for (const kind of kinds) {
    const sketch = sketchForm(dice, kind, from, to);
    if (sketch === null) continue;
    const { weights, scale, bits } = randomWeights(dice, sketch, o);
    const coupling = { id: o.id, from: from.id, to: to.id, gain: o.gain, form: sketch.form(o, weights) };
    if (o.law === 'real') return coupling;
    return dice.chance(0.3)
      ? { ...coupling, scale, constraint: { weightBits: bits, nonzerosMax: weights.length } }
      : { ...coupling, scale };
  }
  return null;
}

/** Geometry chosen, weights still to come. `degree` bounds the couplings of any one spin. */
interface FormSketch {
  readonly weightCount: number;
  readonly degree: number;
  form(o: CouplingOptions, weights: Int8Array<ArrayBuffer> | Float32Array<ArrayBuffer>): CouplingForm;
}

function canJoin(kind: CouplingForm['kind'], from: BankSketch, to: BankSketch): boolean {
  if (from.id === to.id) return kind === 'sparse';
  const shared = from.colors && to.colors?.some((color) => from.colors?.includes(color) ?? false);
  if (kind === 'sparse') return true;
  if (kind === 'diagonal') {
    const clash = shared && to.colors?.some((color, i) => from.colors?.[i] === color);
    return from.spinCount === to.spinCount && !clash;
  }
  if (shared) return false;
  return kind === 'dense' || (from.shape.length === to.shape.length && from.shape.length >= 2);
}

function sketchForm(dice: Dice, kind: CouplingForm['kind'], from: BankSketch, to: BankSketch): FormSketch | null {
  switch (kind) {
    case 'conv':
      return sketchConv(dice, from, to);
    case 'dense':
      return {
        weightCount: to.spinCount * from.spinCount,
        degree: Math.max(to.spinCount, from.spinCount),
        form: (o, weights) => ({
          kind,
          matrix: o.add(`${o.tensorPrefix}.matrix`, dtypeOf(o), [to.spinCount, from.spinCount], weights),
        }),
      };
    case 'diagonal':
      return {
        weightCount: to.spinCount,
        degree: 1,
        form: (o, weights) => ({
          kind,
          value: o.add(`${o.tensorPrefix}.value`, dtypeOf(o), [to.spinCount], weights),
        }),
      };
    case 'sparse':
      return sketchSparse(dice, from, to);
    default:
      return kind satisfies never;
  }
}

/** One axis of a convolution. */
interface AxisGeometry {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
  readonly padEnd: number;
}

function sketchConv(dice: Dice, from: BankSketch, to: BankSketch): FormSketch | null {
  const [inChannels = 1, ...inSizes] = from.shape;
  const [outChannels = 1, ...outSizes] = to.shape;
  const axes: AxisGeometry[] = [];
  for (const [axis, size] of inSizes.entries()) {
    const possible = axisGeometries(size, outSizes[axis] ?? 1);
    if (possible.length === 0) return null;
    axes.push(dice.pick(possible));
  }
  const groups = dice.pick(divisors(inChannels).filter((n) => outChannels % n === 0));
  const kernelShape = [outChannels, inChannels / groups, ...axes.map((axis) => axis.kernel)];
  const taps = axes.reduce((product, axis) => product * axis.kernel, 1);
  return {
    weightCount: kernelShape.reduce((product, size) => product * size, 1),
    degree: (taps * Math.max(inChannels, outChannels)) / groups,
    form: (o, weights) => ({
      kind: 'conv',
      kernel: o.add(`${o.tensorPrefix}.kernel`, dtypeOf(o), kernelShape, weights),
      strides: axes.map((axis) => axis.stride),
      pads: [...axes.map((axis) => axis.padBegin), ...axes.map((axis) => axis.padEnd)],
      dilations: axes.map((axis) => axis.dilation),
      groups,
    }),
  };
}

/** Every small geometry that maps `size` inputs to `outSize` outputs (semantics 3.4). */
function axisGeometries(size: number, outSize: number): readonly AxisGeometry[] {
  const found: AxisGeometry[] = [];
  for (let kernel = 1; kernel <= 5; kernel++) {
    for (let stride = 1; stride <= 3; stride++) {
      for (let dilation = 1; dilation <= (kernel === 1 ? 1 : 3); dilation++) {
        for (let padBegin = 0; padBegin <= 3; padBegin++) {
          for (let padEnd = 0; padEnd <= 3; padEnd++) {
            const room = size + padBegin + padEnd - dilation * (kernel - 1) - 1;
            if (room >= 0 && Math.floor(room / stride) + 1 === outSize) {
              found.push({ kernel, stride, dilation, padBegin, padEnd });
            }
          }
        }
      }
    }
  }
  return found;
}

function sketchSparse(dice: Dice, from: BankSketch, to: BankSketch): FormSketch {
  const density = dice.chance(0.1) ? 0 : Math.min(1, dice.integer(1, 6) / from.spinCount);
  const rowStart = [0];
  const column: number[] = [];
  const columnDegree = new Map<number, number>();
  for (let row = 0; row < to.spinCount; row++) {
    for (let col = 0; col < from.spinCount; col++) {
      if (from.id === to.id && row >= col) continue;
      const sameColor = from.colors !== null && to.colors !== null && from.colors[col] === to.colors[row];
      if (sameColor || !dice.chance(density)) continue;
      column.push(col);
      columnDegree.set(col, (columnDegree.get(col) ?? 0) + 1);
    }
    rowStart.push(column.length);
  }
  const wide = dice.chance(0.3);
  return {
    weightCount: column.length,
    degree: from.spinCount + to.spinCount,
    form: (o, weights) => ({
      kind: 'sparse',
      rowStart: wide
        ? o.add(`${o.tensorPrefix}.rowStart`, 'U64', [rowStart.length], BigUint64Array.from(rowStart, BigInt))
        : o.add(`${o.tensorPrefix}.rowStart`, 'U32', [rowStart.length], Uint32Array.from(rowStart)),
      column: o.add(`${o.tensorPrefix}.column`, 'U32', [column.length], Uint32Array.from(column)),
      value: o.add(`${o.tensorPrefix}.value`, dtypeOf(o), [column.length], weights),
    }),
  };
}

/** The largest field that one coupling may add, in field units: four of them and biases stay far below 2²⁶. */
const couplingFieldMax = 2 ** 22;

function randomWeights(dice: Dice, { weightCount, degree }: FormSketch, o: CouplingOptions) {
  const bits = dice.integer(2, 8);
  const largest = 2 ** (bits - 1) - 1;
  const zeroShare = dice.pick([0, 0, 0.2, 0.7]);
  const typicalSum = Math.sqrt(Math.max(1, Math.min(degree, weightCount)));
  if (o.law === 'real') {
    const sigma = o.strength / typicalSum;
    const weights = Float32Array.from({ length: weightCount }, () =>
      dice.chance(zeroShare) ? 0 : dice.normal() * sigma,
    );
    return { weights, scale: 1, bits };
  }
  const weights = Int8Array.from({ length: weightCount }, () =>
    dice.chance(zeroShare) ? 0 : dice.integer(-largest, largest),
  );
  // A few couplings are nearly inert or as strong as the arithmetic allows: both ends of the shift (semantics 4.3).
  const strength = dice.chance(0.15) ? o.strength * 2 ** dice.integer(-16, 6) : o.strength;
  const scaleMax = Math.min(couplingFieldMax / (largest * degree), 32768) / o.fieldUnitsPerScale;
  const scaleMin = 2 ** -24 / o.fieldUnitsPerScale;
  const scale = Math.min(scaleMax, Math.max(scaleMin, (strength * 1.7) / (largest * typicalSum)));
  return { weights, scale, bits };
}

function dtypeOf(o: CouplingOptions): Dtype {
  return o.law === 'fixed' ? 'I8' : 'F32';
}

function divisors(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1).filter((d) => n % d === 0);
}
