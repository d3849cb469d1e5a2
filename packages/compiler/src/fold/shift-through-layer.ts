/**
 * K·d: what a shift of a layer's input adds to its output, without unrolling the layer.
 *
 * A convolution pads with zeros after the shift, so K·d depends on how many taps lie inside the map: one value per
 * channel and border class if d is one number per channel, one per spin otherwise (semantics 3.5).
 */
import type { ConvAxis } from '@isinglass/sdk';
import type { LinearLayer } from '../model/block-model.ts';
import { borderStarts, type ConvLayer, convAxes, inputIndex } from './border-classes.ts';
import { type ClassGrid, gridOfField, twoAxes } from './class-grid.ts';
import { channelArea, channelCount, perSpin, type SpinField } from './spin-field.ts';

/** Shapes of the banks that a layer joins. */
export interface LayerShapes {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** K·d over the layer's output bank. */
export function shiftThroughLayer(layer: LinearLayer, d: SpinField, shapes: LayerShapes): ClassGrid {
  switch (layer.kind) {
    case 'identity': {
      // The same spins, possibly under another shape.
      const field: SpinField = { granularity: 'spin', values: perSpin(d, shapes.from) };
      const sameChannels = d.granularity === 'channel' && channelArea(shapes.from) === channelArea(shapes.to);
      return gridOfField(sameChannels ? d : field, shapes.to);
    }
    case 'dense':
      return gridOfField(
        { granularity: 'spin', values: throughMatrix(layer.weights, perSpin(d, shapes.from)) },
        shapes.to,
      );
    case 'conv':
      return throughKernel(layer, d, shapes);
    default:
      return layer satisfies never;
  }
}

function throughMatrix(matrix: Float64Array, d: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(matrix.length / d.length);
  for (let row = 0; row < out.length; row++) {
    let sum = 0;
    for (let column = 0; column < d.length; column++) {
      sum += (matrix[row * d.length + column] as number) * (d[column] as number);
    }
    out[row] = sum;
  }
  return out;
}

/** The convolution of d, evaluated at one output of every class, or at every output when d varies inside a channel. */
function throughKernel(conv: ConvLayer, d: SpinField, shapes: LayerShapes): ClassGrid {
  const axes = convAxes(conv, shapes.from, shapes.to);
  const perPixel = d.granularity === 'spin';
  const starts = axes.map((axis) =>
    perPixel ? Array.from({ length: axis.outputSize }, (_, o) => o) : borderStarts(axis),
  );
  const [vertical, horizontal] = twoAxes(axes, singleAxis);
  const [rows, columns] = twoAxes<readonly number[]>(starts, [0]);
  const [channelsOut, channelsIn] = conv.shape as readonly [number, number];
  const channelsOutPerGroup = channelsOut / conv.groups;
  const taps = vertical.taps * horizontal.taps;
  const area = perPixel ? vertical.inputSize * horizontal.inputSize : 0;
  const values = new Float64Array(channelsOut * rows.length * columns.length);
  let at = 0;
  for (let out = 0; out < channelsOut; out++) {
    const firstIn = Math.floor(out / channelsOutPerGroup) * channelsIn;
    for (const row of rows) {
      for (const column of columns) {
        let sum = 0;
        for (let ty = 0; ty < vertical.taps; ty++) {
          const y = inputIndex(vertical, row, ty);
          if (y < 0 || y >= vertical.inputSize) continue;
          for (let tx = 0; tx < horizontal.taps; tx++) {
            const x = inputIndex(horizontal, column, tx);
            if (x < 0 || x >= horizontal.inputSize) continue;
            const kernelAt = out * channelsIn * taps + ty * horizontal.taps + tx;
            const pixel = perPixel ? y * horizontal.inputSize + x : 0;
            for (let ic = 0; ic < channelsIn; ic++) {
              const shift = d.values[perPixel ? (firstIn + ic) * area + pixel : firstIn + ic] as number;
              sum += (conv.weights[kernelAt + ic * taps] as number) * shift;
            }
          }
        }
        values[at++] = sum;
      }
    }
  }
  return { starts, values };
}

/** The missing axis of a convolution of rank 1. */
const singleAxis: ConvAxis = { inputSize: 1, outputSize: 1, taps: 1, stride: 1, dilation: 1, padBegin: 0 };

/** A layer's own bias, per channel or (dense) per spin of its output. */
export function biasGrid(bias: Float64Array<ArrayBuffer>, to: readonly number[]): ClassGrid {
  const granularity = bias.length === channelCount(to) ? 'channel' : 'spin';
  return gridOfField({ granularity, values: bias }, to);
}
