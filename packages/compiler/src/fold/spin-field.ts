/**
 * A number for every spin of a bank, written no finer than it has to be.
 *
 * `channel`: one per entry of the bank's first axis (for a bank of rank 1 every spin is a channel of its own);
 * `spin`: one per spin, row-major. A convolution can take a `channel` scale into its kernel, never a `spin` scale.
 */
import type { Affine } from '../model/block-model.ts';

/** One number per channel or per spin of a bank. */
export interface SpinField {
  readonly granularity: 'channel' | 'spin';
  readonly values: Float64Array<ArrayBuffer>;
}

/** An affine map as two fields: scale and shift need not have the same granularity. */
export interface AffineFields {
  readonly scale: SpinField;
  readonly shift: SpinField;
  /** The ONNX nodes that it was made of. */
  readonly nodes: readonly string[];
}

/** The scale and shift of `affine` over a bank of this shape, each as coarse as its numbers allow, exactly. */
export function affineFields(affine: Affine, shape: readonly number[]): AffineFields {
  return {
    scale: spinField(affine.scale, affine.granularity, shape),
    shift: spinField(affine.shift, affine.granularity, shape),
    nodes: affine.nodes,
  };
}

/** Values of any granularity as a field: per-spin values that are equal within every channel become one per channel. */
export function spinField(
  values: Float64Array<ArrayBuffer>,
  granularity: Affine['granularity'],
  shape: readonly number[],
): SpinField {
  const channels = channelCount(shape);
  if (granularity === 'scalar') {
    return { granularity: 'channel', values: new Float64Array(channels).fill(values[0] as number) };
  }
  if (granularity === 'channel') return { granularity: 'channel', values };
  const area = values.length / channels;
  const perChannel = new Float64Array(channels);
  for (let i = 0; i < values.length; i++) {
    const channel = Math.floor(i / area);
    if (i % area === 0) perChannel[channel] = values[i] as number;
    else if (values[i] !== perChannel[channel]) return { granularity: 'spin', values };
  }
  return { granularity: 'channel', values: perChannel };
}

/** The same number everywhere. */
export function constantField(value: number, shape: readonly number[]): SpinField {
  return { granularity: 'channel', values: new Float64Array(channelCount(shape)).fill(value) };
}

/** Entries of the first axis: the channels of a bank. */
export function channelCount(shape: readonly number[]): number {
  return shape[0] ?? 1;
}

/** Spins per channel. */
export function channelArea(shape: readonly number[]): number {
  return shape.slice(1).reduce((product, size) => product * size, 1);
}

/** Values per spin, row-major. */
export function perSpin(field: SpinField, shape: readonly number[]): Float64Array<ArrayBuffer> {
  if (field.granularity === 'spin') return field.values;
  const area = channelArea(shape);
  const out = new Float64Array(channelCount(shape) * area);
  for (let channel = 0; channel < field.values.length; channel++) {
    out.fill(field.values[channel] as number, channel * area, (channel + 1) * area);
  }
  return out;
}

/** Spin by spin product. */
export function multiplyFields(a: SpinField, b: SpinField, shape: readonly number[]): SpinField {
  if (a.granularity === 'channel' && b.granularity === 'channel') {
    return { granularity: 'channel', values: a.values.map((value, i) => value * (b.values[i] as number)) };
  }
  const right = perSpin(b, shape);
  return spinField(
    perSpin(a, shape).map((value, i) => value * (right[i] as number)),
    'spin',
    shape,
  );
}

/** Whether it is 0 everywhere. */
export function isZero(field: SpinField): boolean {
  return field.values.every((value) => value === 0);
}
