/**
 * The network of a block evaluated as it is written (paper eq. 1–4), with maps that are really padded: the slow, obvious
 * witness of folding. Shares no code with the compiler.
 */
import type { Affine, BlockModel, LinearLayer } from '../../src/model/block-model.ts';

export interface Preactivations {
  readonly z1: Float64Array;
  readonly z2: Float64Array;
}

export function evaluateNetwork(block: BlockModel, x: ArrayLike<number>): Preactivations {
  const xPrime = applyAffine(block.in, Float64Array.from(x), block.inputShape);
  const z1 = applyAffine(
    block.hidden,
    applyLayer(block.k1, xPrime, block.inputShape, block.hiddenShape),
    block.hiddenShape,
  );
  const middle = applyAffine(block.mid, z1.map(Math.tanh), block.hiddenShape);
  let sum = applyAffine(
    block.k2Path,
    applyLayer(block.k2, middle, block.hiddenShape, block.outputShape),
    block.outputShape,
  );
  if (block.k3 !== null) {
    const skip = applyLayer(block.k3, xPrime, block.inputShape, block.outputShape);
    const path = applyAffine(block.k3Path, skip, block.outputShape);
    sum = sum.map((value, i) => value + (path[i] as number));
  }
  return { z1, z2: applyAffine(block.outputAffine, sum, block.outputShape) };
}

function applyAffine(affine: Affine, x: Float64Array, shape: readonly number[]): Float64Array<ArrayBuffer> {
  const area = x.length / (shape[0] as number);
  const at = { scalar: () => 0, channel: (i: number) => Math.floor(i / area), spin: (i: number) => i }[
    affine.granularity
  ];
  return Float64Array.from(x, (value, i) => (affine.scale[at(i)] as number) * value + (affine.shift[at(i)] as number));
}

export function applyLayer(
  layer: LinearLayer,
  x: Float64Array,
  from: readonly number[],
  to: readonly number[],
): Float64Array<ArrayBuffer> {
  const count = to.reduce((a, b) => a * b, 1);
  const bias = (i: number) =>
    layer.bias === null
      ? 0
      : (layer.bias[layer.bias.length === count ? i : Math.floor(i / (count / layer.bias.length))] as number);
  switch (layer.kind) {
    case 'identity':
      return Float64Array.from(x, (value, i) => value + bias(i));
    case 'dense':
      return Float64Array.from({ length: count }, (_, row) =>
        x.reduce((sum, value, column) => sum + (layer.weights[row * x.length + column] as number) * value, bias(row)),
      );
    case 'conv': {
      const rank = layer.strides.length;
      // Rank 1 is rank 2 with one row.
      const two = (list: readonly number[], one: number) => (rank === 2 ? list : [one, ...list]);
      const [h, w] = two(from.slice(1), 1) as [number, number];
      const [oh, ow] = two(to.slice(1), 1) as [number, number];
      const [kh, kw] = two(layer.shape.slice(2), 1) as [number, number];
      const [sy, sx] = two(layer.strides, 1) as [number, number];
      const [dy, dx] = two(layer.dilations, 1) as [number, number];
      const [py, px] = two(layer.pads.slice(0, rank), 0) as [number, number];
      const [qy, qx] = two(layer.pads.slice(rank), 0) as [number, number];
      const ph = h + py + qy;
      const pw = w + px + qx;
      const cin = from[0] as number;
      const padded = new Float64Array(cin * ph * pw);
      for (let c = 0; c < cin; c++) {
        for (let y = 0; y < h; y++) {
          for (let column = 0; column < w; column++) {
            padded[(c * ph + y + py) * pw + column + px] = x[(c * h + y) * w + column] as number;
          }
        }
      }
      const [cout, perGroup] = layer.shape as [number, number];
      const out = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        const oc = Math.floor(i / (oh * ow));
        const oy = Math.floor(i / ow) % oh;
        const ox = i % ow;
        const group = Math.floor(oc / (cout / layer.groups));
        let sum = bias(i);
        for (let k = 0; k < perGroup * kh * kw; k++) {
          const ic = group * perGroup + Math.floor(k / (kh * kw));
          const y = oy * sy + (Math.floor(k / kw) % kh) * dy;
          const column = ox * sx + (k % kw) * dx;
          sum +=
            (layer.weights[oc * perGroup * kh * kw + k] as number) * (padded[(ic * ph + y) * pw + column] as number);
        }
        out[i] = sum;
      }
      return out;
    }
    default:
      return layer satisfies never;
  }
}
