/**
 * Border classes of a convolution's output (semantics 3.5).
 *
 *   before(o) = #{ t : o·stride + t·dilation − padBegin < 0 }        after(o) = #{ t : … ≥ size }
 *
 * Outputs with equal (before, after) see the same taps inside the map, so K·d is the same for all of them; a new class
 * starts where the pair differs from that of o − 1.
 */
import type { ConvAxis } from '@isinglass/sdk';
import type { LinearLayer } from '../model/block-model.ts';

/** A convolution of the network. */
export type ConvLayer = Extract<LinearLayer, { kind: 'conv' }>;

/** The spatial axes of a convolution between banks of these shapes. */
export function convAxes(conv: ConvLayer, from: readonly number[], to: readonly number[]): readonly ConvAxis[] {
  return conv.strides.map((stride, axis) => ({
    inputSize: from[axis + 1] as number,
    outputSize: to[axis + 1] as number,
    taps: conv.shape[axis + 2] as number,
    stride,
    dilation: conv.dilations[axis] as number,
    padBegin: conv.pads[axis] as number,
  }));
}

/** The first output index of every class along one axis: begins with 0, rises strictly. */
export function borderStarts(axis: ConvAxis): readonly number[] {
  const starts: number[] = [];
  let last = '';
  for (let o = 0; o < axis.outputSize; o++) {
    let before = 0;
    let after = 0;
    for (let t = 0; t < axis.taps; t++) {
      const input = inputIndex(axis, o, t);
      if (input < 0) before++;
      else if (input >= axis.inputSize) after++;
    }
    const pair = `${before},${after}`;
    if (pair !== last) starts.push(o);
    last = pair;
  }
  return starts;
}

/** The input index that tap t of output o touches; outside 0 … inputSize − 1 there is no coupling (semantics 3.4). */
export function inputIndex(axis: ConvAxis, o: number, t: number): number {
  return o * axis.stride + t * axis.dilation - axis.padBegin;
}
