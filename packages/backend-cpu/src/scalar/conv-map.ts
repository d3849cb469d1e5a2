/**
 * Convolution and its adjoint (semantics 3.4): weights outside, pixels inside.
 *
 *   forward   acc[oc, o]              += K[oc, ic, t] · x[ic, o·stride + t·dilation − pad]
 *   adjoint   acc[ic, o·stride + …]   += K[oc, ic, t] · x[oc, o]
 *
 * For one tap the in-bounds outputs of an axis are one interval, known beforehand; with stride 1 a row of them is one
 * contiguous stretch of both arrays. Four channels of the giving side share the stretch of the receiving side.
 */
import type { ConvForm, Program } from '@isinglass/sdk';
import { addFour, addOne, float32Weights, type LinearMap, type MapArguments } from './linear-map.ts';
import { productsPerSlice, type Work } from './work.ts';

/** The in-bounds part of one tap of one axis: `count` outputs from `output`, the first of which touches `input`. */
interface TapRange {
  readonly count: number;
  readonly output: number;
  readonly input: number;
}

interface Axis {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly stride: number;
  readonly taps: readonly TapRange[];
}

export class ConvMap implements LinearMap {
  readonly #weights: Float32Array;
  readonly #groups: number;
  /** Per group. */
  readonly #inChannels: number;
  readonly #outChannels: number;
  readonly #y: Axis;
  readonly #x: Axis;

  constructor(form: ConvForm, from: readonly number[], to: readonly number[], tensors: Program['tensors']) {
    const kernelShape = tensors.get(form.kernel.tensor)?.shape ?? [];
    this.#weights = float32Weights(tensors, form.kernel);
    this.#groups = form.groups;
    this.#inChannels = (from[0] as number) / form.groups;
    this.#outChannels = (to[0] as number) / form.groups;
    const axes = form.strides.map((stride, n) =>
      axisOf({
        inputSize: from[1 + n] as number,
        outputSize: to[1 + n] as number,
        taps: kernelShape[2 + n] as number,
        stride,
        dilation: form.dilations[n] as number,
        padBegin: form.pads[n] as number,
      }),
    );
    // [C, L] is one line, [C] one pixel.
    const line = axisOf({ inputSize: 1, outputSize: 1, taps: 1, stride: 1, dilation: 1, padBegin: 0 });
    this.#x = axes.at(-1) ?? line;
    this.#y = axes.length === 2 ? (axes[0] ?? line) : line;
  }

  *apply({ side, acc, x, lanes }: MapArguments): Work {
    const forward = side === 'to';
    const receivers = forward ? this.#outChannels : this.#inChannels;
    const givers = forward ? this.#inChannels : this.#outChannels;
    const productsOfPlane = productsOf(this.#y) * productsOf(this.#x) * lanes;
    let products = 0;
    for (let group = 0; group < this.#groups; group++) {
      for (let receiver = 0; receiver < receivers; receiver++) {
        for (let giver = 0; giver < givers; giver += 4) {
          const channels = Math.min(4, givers - giver);
          this.#channels(acc, x, { forward, group, receiver, giver, channels, lanes });
          products += channels * productsOfPlane;
          if (products >= productsPerSlice) {
            products = 0;
            yield;
          }
        }
      }
    }
  }

  /** All taps of one receiving channel from one to four giving channels. */
  #channels(
    acc: Float64Array,
    x: Float64Array,
    o: {
      readonly forward: boolean;
      readonly group: number;
      readonly receiver: number;
      readonly giver: number;
      readonly channels: number;
      readonly lanes: number;
    },
  ): void {
    const { forward, lanes } = o;
    const yAxis = this.#y;
    const xAxis = this.#x;
    const weights = this.#weights;
    const taps = yAxis.taps.length * xAxis.taps.length;
    // Weights of consecutive giving channels are this far apart in K[oc, ic, t].
    const weightStep = forward ? taps : this.#inChannels * taps;
    const out = forward ? o.receiver : o.giver;
    const into = forward ? o.giver : o.receiver;
    const weightBase = ((o.group * this.#outChannels + out) * this.#inChannels + into) * taps;
    const outPlane = (o.group * this.#outChannels + out) * yAxis.outputSize * xAxis.outputSize;
    const inPlane = (o.group * this.#inChannels + into) * yAxis.inputSize * xAxis.inputSize;
    const planeStep = lanes * (forward ? yAxis.inputSize * xAxis.inputSize : yAxis.outputSize * xAxis.outputSize);
    for (let ky = 0; ky < yAxis.taps.length; ky++) {
      const rows = yAxis.taps[ky] as TapRange;
      for (let kx = 0; kx < xAxis.taps.length; kx++) {
        const pixels = xAxis.taps[kx] as TapRange;
        const k = weightBase + ky * xAxis.taps.length + kx;
        for (let row = 0; row < rows.count; row++) {
          const outAt = lanes * (outPlane + (rows.output + row) * xAxis.outputSize + pixels.output);
          const inAt = lanes * (inPlane + (rows.input + row * yAxis.stride) * xAxis.inputSize + pixels.input);
          const a = forward ? outAt : inAt;
          const b = forward ? inAt : outAt;
          if (xAxis.stride === 1) {
            addChannels(acc, a, x, b, planeStep, pixels.count * lanes, weights, k, weightStep, o.channels);
          } else {
            const aStep = lanes * (forward ? 1 : xAxis.stride);
            const bStep = lanes * (forward ? xAxis.stride : 1);
            for (let n = 0; n < pixels.count; n++) {
              const at = b + n * bStep;
              addChannels(acc, a + n * aStep, x, at, planeStep, lanes, weights, k, weightStep, o.channels);
            }
          }
        }
      }
    }
  }
}

function addChannels(
  acc: Float64Array,
  a: number,
  x: Float64Array,
  b: number,
  plane: number,
  count: number,
  weights: Float32Array,
  k: number,
  weightStep: number,
  channels: number,
): void {
  if (channels === 4) {
    const w0 = weights[k] as number;
    const w1 = weights[k + weightStep] as number;
    const w2 = weights[k + 2 * weightStep] as number;
    const w3 = weights[k + 3 * weightStep] as number;
    addFour(acc, a, x, b, plane, count, w0, w1, w2, w3);
    return;
  }
  for (let c = 0; c < channels; c++) {
    addOne(acc, a, x, b + c * plane, count, weights[k + c * weightStep] as number);
  }
}

function axisOf(o: {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padBegin: number;
}): Axis {
  const taps = Array.from({ length: o.taps }, (_, tap): TapRange => {
    const shift = tap * o.dilation - o.padBegin;
    const first = Math.max(0, Math.ceil(-shift / o.stride));
    const last = Math.min(o.outputSize - 1, Math.floor((o.inputSize - 1 - shift) / o.stride));
    return { count: Math.max(0, last - first + 1), output: first, input: first * o.stride + shift };
  });
  return { inputSize: o.inputSize, outputSize: o.outputSize, stride: o.stride, taps };
}

/** In-bounds (output, tap) pairs of one axis. */
function productsOf(axis: Axis): number {
  return axis.taps.reduce((sum, tap) => sum + tap.count, 0);
}
