/** A BlockModel evaluated as it is written (paper eq. 1–4), in float64, one image, no folding: the tests' witness. */
import type { Affine, BlockModel, LinearLayer } from '../../src/model/block-model.ts';

const spins = (shape: readonly number[]) => shape.reduce((a, b) => a * b, 1);

function affine(a: Affine, x: Float64Array): Float64Array {
  // A number stands for a run of spins: all of them, a channel, or one.
  const run = x.length / a.scale.length;
  return x.map(
    (v, i) => (a.scale[Math.floor(i / run)] ?? Number.NaN) * v + (a.shift[Math.floor(i / run)] ?? Number.NaN),
  );
}

function linear(layer: LinearLayer, x: Float64Array, from: readonly number[], to: readonly number[]): Float64Array {
  if (layer.kind === 'identity') return x;
  const out = new Float64Array(spins(to));
  if (layer.kind === 'dense') {
    const [rows, columns] = layer.shape;
    for (let i = 0; i < rows; i++) {
      let sum = layer.bias?.[i] ?? 0;
      for (let j = 0; j < columns; j++) sum += (layer.weights[i * columns + j] ?? 0) * (x[j] ?? 0);
      out[i] = sum;
    }
    return out;
  }
  // Rank 1 is rank 2 with a height of 1.
  const flat = layer.shape.length === 3;
  const two = (list: readonly number[], absent: number): readonly number[] => (flat ? [absent, ...list] : list);
  const [kh = 1, kw = 1] = two(layer.shape.slice(2), 1);
  const [sy = 1, sx = 1] = two(layer.strides, 1);
  const [dy = 1, dx = 1] = two(layer.dilations, 1);
  const [py = 0, px = 0] = two(layer.pads.slice(0, layer.pads.length / 2), 0);
  const [h = 1, w = 1] = two(from.slice(1), 1);
  const [oh = 1, ow = 1] = two(to.slice(1), 1);
  const [cout = 0, perGroup = 0] = layer.shape;
  for (let oc = 0; oc < cout; oc++) {
    const first = Math.floor(oc / (cout / layer.groups)) * perGroup;
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        let sum = layer.bias?.[oc] ?? 0;
        for (let ic = 0; ic < perGroup; ic++) {
          for (let ky = 0; ky < kh; ky++) {
            for (let kx = 0; kx < kw; kx++) {
              const y = oy * sy + ky * dy - py;
              const xx = ox * sx + kx * dx - px;
              if (y < 0 || y >= h || xx < 0 || xx >= w) continue;
              const weight = layer.weights[((oc * perGroup + ic) * kh + ky) * kw + kx] ?? 0;
              sum += weight * (x[((first + ic) * h + y) * w + xx] ?? 0);
            }
          }
        }
        out[(oc * oh + oy) * ow + ox] = sum;
      }
    }
  }
  return out;
}

export function evaluateBlock(block: BlockModel | Omit<BlockModel, 'id'>, x: ArrayLike<number>) {
  const inner = affine(block.in, Float64Array.from(x));
  const z1 = affine(block.hidden, linear(block.k1, inner, block.inputShape, block.hiddenShape));
  const mid = affine(block.mid, z1.map(Math.tanh));
  const k2 = affine(block.k2Path, linear(block.k2, mid, block.hiddenShape, block.outputShape));
  const k3 =
    block.k3 === null
      ? new Float64Array(k2.length)
      : affine(block.k3Path, linear(block.k3, inner, block.inputShape, block.outputShape));
  const z2 = affine(
    block.outputAffine,
    k2.map((v, i) => v + (k3[i] ?? Number.NaN)),
  );
  return { z1, z2 };
}
