/**
 * A convolution, its adjoint or a dense coupling in the terms of conv-field (semantics 3.4, 3.6): receivers gather from givers.
 *
 *   source(p, t) = (p·multiply + t·dilation + offset) / divide       per axis, where whole and on the giving map
 *   weight(group, receiver, giver, t) at group·groupStride + receiver·receiverStride + giver·giverStride + t
 */
import type { ConvForm, Coupling, Program, Side, TensorRef } from '@isinglass/sdk';

export interface GeometryAxis {
  readonly sourceSize: number;
  readonly taps: number;
  readonly multiply: number;
  readonly dilation: number;
  readonly offset: number;
  readonly divide: number;
}

export interface ConvGeometry {
  readonly groups: number;
  /** Channels per group. */
  readonly receivers: number;
  readonly givers: number;
  /** Of the receiving map. */
  readonly width: number;
  readonly pixels: number;
  readonly y: GeometryAxis;
  readonly x: GeometryAxis;
  readonly taps: number;
  readonly weights: TensorRef;
  readonly groupStride: number;
  readonly receiverStride: number;
  readonly giverStride: number;
  /** Whether the giving bank is read pixel by pixel with its channels together. */
  readonly spread: boolean;
}

/** Null for sparse and diagonal couplings. */
export function couplingGeometry(
  { form }: Coupling,
  side: Side,
  ends: { readonly from: readonly number[]; readonly to: readonly number[] },
  tensors: Program['tensors'],
): ConvGeometry | null {
  switch (form.kind) {
    case 'conv':
      return convGeometry(form, side, ends, tensors);
    case 'dense':
      return denseGeometry(form.matrix, side, ends);
    case 'sparse':
    case 'diagonal':
      return null;
    default:
      return form satisfies never;
  }
}

const onePixel: GeometryAxis = { sourceSize: 1, taps: 1, multiply: 1, dilation: 1, offset: 0, divide: 1 };

function convGeometry(
  form: ConvForm,
  side: Side,
  { from, to }: { readonly from: readonly number[]; readonly to: readonly number[] },
  tensors: Program['tensors'],
): ConvGeometry {
  const [outputs = 1, inputs = 1, ...kernel] = tensors.get(form.kernel.tensor)?.shape ?? [];
  const taps = kernel.reduce((product, size) => product * size, 1);
  const perGroup = outputs / form.groups;
  const forward = side === 'to';
  const axes = form.strides.map((stride, n): GeometryAxis => {
    const dilation = form.dilations[n] as number;
    const pad = form.pads[n] as number;
    const size = { taps: kernel[n] as number };
    return forward
      ? { ...size, sourceSize: from[1 + n] as number, multiply: stride, dilation, offset: -pad, divide: 1 }
      : { ...size, sourceSize: to[1 + n] as number, multiply: 1, dilation: -dilation, offset: pad, divide: stride };
  });
  const map = (forward ? to : from).slice(1);
  const giving = (forward ? from : to).slice(1);
  return {
    groups: form.groups,
    receivers: forward ? perGroup : inputs,
    givers: forward ? inputs : perGroup,
    width: map.at(-1) ?? 1,
    pixels: map.reduce((product, size) => product * size, 1),
    y: axes.length === 2 ? (axes[0] ?? onePixel) : onePixel,
    x: axes.at(-1) ?? onePixel,
    taps,
    weights: form.kernel,
    groupStride: perGroup * inputs * taps,
    receiverStride: forward ? inputs * taps : taps,
    giverStride: forward ? taps : inputs * taps,
    // A map of one pixel has its channels together anyway.
    spread: giving.some((size) => size > 1),
  };
}

/** One pixel, one tap: the flat spins are the channels. */
function denseGeometry(
  matrix: TensorRef,
  side: Side,
  ends: { readonly from: readonly number[]; readonly to: readonly number[] },
): ConvGeometry {
  const count = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
  const [from, to] = [count(ends.from), count(ends.to)];
  const forward = side === 'to';
  return {
    groups: 1,
    receivers: forward ? to : from,
    givers: forward ? from : to,
    width: 1,
    pixels: 1,
    y: onePixel,
    x: onePixel,
    taps: 1,
    weights: matrix,
    groupStride: 0,
    receiverStride: forward ? from : 1,
    giverStride: forward ? 1 : from,
    spread: false,
  };
}
