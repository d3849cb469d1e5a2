/**
 * Which taps a position of one spatial axis has, seen from the bank that receives (semantics 3.4). Positions with the same taps at the
 * same distances form a class: borders, and with strides the phases.
 *
 *   forward (outputs receive)   giver = o·stride + t·dilation − padBegin
 *   adjoint (inputs receive)    giver = (i + padBegin − t·dilation) / stride, where that is an output
 */

export interface Axis {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
}

/** The missing axes of rank-1 convolutions. */
export const lineAxis: Axis = { inputSize: 1, outputSize: 1, taps: 1, stride: 1, dilation: 1, padBegin: 0 };

/** One tap of a class: `order` numbers the taps so that rising order is rising giver position. */
export interface TapOffset {
  readonly order: number;
  /** Giver position less the receiving position's base. */
  readonly offset: number;
}

export interface AxisClasses {
  /** Per receiving position. */
  readonly classOf: Uint32Array;
  /** Giver position of the first tap, or 0 where there is none. */
  readonly baseOf: Uint32Array;
  readonly classes: readonly (readonly TapOffset[])[];
}

export function axisClasses(axis: Axis, receives: 'output' | 'input'): AxisClasses {
  const count = receives === 'output' ? axis.outputSize : axis.inputSize;
  const classOf = new Uint32Array(count);
  const baseOf = new Uint32Array(count);
  const classes: (readonly TapOffset[])[] = [];
  const known = new Map<string, number>();
  for (let position = 0; position < count; position++) {
    const hits = receives === 'output' ? hitsOfOutput(axis, position) : hitsOfInput(axis, position);
    const base = hits[0]?.offset ?? 0;
    const offsets = hits.map(({ order, offset }) => ({ order, offset: offset - base }));
    const key = offsets.map(({ order, offset }) => `${order}:${offset}`).join();
    let found = known.get(key);
    if (found === undefined) {
      found = classes.length;
      known.set(key, found);
      classes.push(offsets);
    }
    classOf[position] = found;
    baseOf[position] = base;
  }
  return { classOf, baseOf, classes };
}

function hitsOfOutput({ inputSize, taps, stride, dilation, padBegin }: Axis, output: number): TapOffset[] {
  const hits: TapOffset[] = [];
  for (let tap = 0; tap < taps; tap++) {
    const offset = output * stride + tap * dilation - padBegin;
    if (offset >= 0 && offset < inputSize) hits.push({ order: tap, offset });
  }
  return hits;
}

function hitsOfInput({ outputSize, taps, stride, dilation, padBegin }: Axis, input: number): TapOffset[] {
  const hits: TapOffset[] = [];
  for (let tap = taps - 1; tap >= 0; tap--) {
    const offset = (input + padBegin - tap * dilation) / stride;
    if (Number.isInteger(offset) && offset >= 0 && offset < outputSize) hits.push({ order: taps - 1 - tap, offset });
  }
  return hits;
}
