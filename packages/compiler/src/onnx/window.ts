/** Where the windows of convolutions and pools lie (ONNX Conv, AveragePool, MaxPool), axis by axis. */
import { intAttribute, intsAttribute, stringAttribute } from './attributes.ts';
import { modelError, quoted } from './model-error.ts';
import type { OnnxNode } from './onnx-model.ts';

/** A resolved geometry: `auto_pad` has become numbers. Lists have one entry per spatial axis, `pads` two. */
export interface Window {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** All begins, then all ends. */
  readonly pads: readonly number[];
  /** Sizes of the output map, each at least 1. */
  readonly output: readonly number[];
}

/** The window of a Conv or a pool over a map of the given sizes. */
export function windowOf(node: OnnxNode, sizes: readonly number[], kernel: readonly number[]): Window {
  const rank = sizes.length;
  const list = (name: string, count: number, absent: number, min: number): readonly number[] => {
    const values = intsAttribute(node, name) ?? Array<number>(count).fill(absent);
    if (values.length !== count || values.some((v) => v < min || v >= 2 ** 31)) {
      throw modelError(
        node.name,
        `attribute ${quoted(name)} of node ${quoted(node.name)} must have ${count} entries of at least ${min}: [${values}]`,
      );
    }
    return values;
  };
  const declared = intsAttribute(node, 'kernel_shape');
  if (declared !== undefined && String(declared) !== String(kernel)) {
    throw modelError(
      node.name,
      `kernel_shape [${declared}] of node ${quoted(node.name)} differs from its weights' [${kernel}]`,
    );
  }
  if (kernel.length !== rank) {
    throw modelError(
      node.name,
      `node ${quoted(node.name)} has a kernel of rank ${kernel.length} over a map of rank ${rank}`,
    );
  }
  const strides = list('strides', rank, 1, 1);
  const dilations = list('dilations', rank, 1, 1);
  const autoPad = stringAttribute(node, 'auto_pad', 'NOTSET');
  const pads =
    autoPad === 'NOTSET'
      ? list('pads', 2 * rank, 0, 0)
      : automaticPads(node, autoPad, { sizes, kernel, strides, dilations });
  const ceil = intAttribute(node, 'ceil_mode', 0) !== 0;
  const output = sizes.map((size, axis) => {
    const stride = strides[axis] ?? 1;
    const begin = pads[axis] ?? 0;
    const free = size + begin + (pads[axis + rank] ?? 0) - span(kernel[axis] ?? 1, dilations[axis] ?? 1);
    const steps = ceil ? Math.ceil(free / stride) : Math.floor(free / stride);
    // With ceil_mode the last window must begin inside the map or its leading padding.
    return ceil && steps * stride >= size + begin ? steps : steps + 1;
  });
  if (output.some((size) => size < 1)) {
    throw modelError(node.name, `node ${quoted(node.name)} has an empty output: map [${sizes}], kernel [${kernel}]`);
  }
  return { kernel, strides, dilations, pads, output };
}

/** Positions from the first to the last tap. */
function span(kernel: number, dilation: number): number {
  return dilation * (kernel - 1) + 1;
}

function automaticPads(
  node: OnnxNode,
  autoPad: string,
  w: {
    readonly sizes: readonly number[];
    readonly kernel: readonly number[];
    readonly strides: readonly number[];
    readonly dilations: readonly number[];
  },
): readonly number[] {
  if (autoPad === 'VALID') return Array<number>(2 * w.sizes.length).fill(0);
  if (autoPad !== 'SAME_UPPER' && autoPad !== 'SAME_LOWER') {
    throw modelError(node.name, `node ${quoted(node.name)} has the unknown auto_pad ${quoted(autoPad)}`);
  }
  const totals = w.sizes.map((size, axis) => {
    const stride = w.strides[axis] ?? 1;
    const output = Math.ceil(size / stride);
    return Math.max(0, (output - 1) * stride + span(w.kernel[axis] ?? 1, w.dilations[axis] ?? 1) - size);
  });
  // An odd total puts the larger half at the end (UPPER) or at the beginning (LOWER).
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total) => Math.ceil(total / 2));
  return autoPad === 'SAME_UPPER' ? [...small, ...large] : [...large, ...small];
}

/**
 * Pairs of output position and tap that fall on the map, along one axis; closed form per tap.
 * Output o and tap t meet input position o·stride + t·dilation − begin.
 */
export function tapsInBounds(w: Window, sizes: readonly number[], axis: number): number {
  const stride = w.strides[axis] ?? 1;
  const outputs = w.output[axis] ?? 0;
  const size = sizes[axis] ?? 0;
  let count = 0;
  for (let tap = 0; tap < (w.kernel[axis] ?? 0); tap++) {
    const offset = tap * (w.dilations[axis] ?? 1) - (w.pads[axis] ?? 0);
    const first = Math.max(0, Math.ceil(-offset / stride));
    const last = Math.min(outputs - 1, Math.floor((size - 1 - offset) / stride));
    count += Math.max(0, last - first + 1);
  }
  return count;
}
