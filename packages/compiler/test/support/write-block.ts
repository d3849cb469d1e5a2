/** A block as the ONNX graph that an exporter would write of it. */
import type { Affine, BlockModel, LinearLayer } from '../../src/model/block-model.ts';
import { type ExporterStyle, OnnxBuilder } from './onnx-builder.ts';
import type { RandomNumbers } from './random-numbers.ts';

export interface WrittenBlock {
  /** The network from `x` to `y` = sign z2. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** The same network, whose outputs are the pre-activations `z1` and `z2`. */
  readonly probe: Uint8Array<ArrayBuffer>;
}

export interface WriteOptions {
  readonly style: ExporterStyle;
  /** Uneven padding as a Pad node in front (torch can write it in no other way), or in the convolution. */
  readonly padNodes: boolean;
  /** Of the batch normalisation that replaces the block's `hidden` map. */
  readonly random: RandomNumbers;
}

/** Writes the block, with a batch normalisation after K1 in addition to its own affine maps. */
export function writeBlock(block: BlockModel, o: WriteOptions): WrittenBlock {
  const write = (asProbe: boolean, random: RandomNumbers): Uint8Array<ArrayBuffer> => {
    const b = new OnnxBuilder({ style: o.style });
    const x = b.input('x', ['batch', ...block.inputShape]);
    const xPrime = affine(b, x, block.in, block.inputShape);
    // A dense layer reads a map only when it is flattened.
    const input = block.k1.kind === 'dense' && block.inputShape.length > 1 ? b.flatten(xPrime) : xPrime;
    let z1 = layer(b, input, block.k1, o);
    z1 = b.batchNorm(z1, batchNormalisation(block.hiddenShape[0] as number, random));
    z1 = affine(b, z1, block.hidden, block.hiddenShape);
    const middle = affine(b, b.tanh(z1), block.mid, block.hiddenShape);
    let z2 = affine(b, layer(b, middle, block.k2, o), block.k2Path, block.outputShape);
    if (block.k3 !== null) {
      const skip = affine(b, layer(b, input, block.k3, o), block.k3Path, block.outputShape);
      z2 = b.add(z2, skip);
    }
    z2 = affine(b, z2, block.outputAffine, block.outputShape);
    if (asProbe) {
      b.node('Identity', [z1], {}, { outputs: ['z1'] });
      b.node('Identity', [z2], {}, { outputs: ['z2'] });
      b.output('z1', ['batch', ...block.hiddenShape]).output('z2', ['batch', ...block.outputShape]);
    } else {
      b.node('Sign', [z2], {}, { outputs: ['y'] });
      b.output('y', ['batch', ...block.outputShape]);
    }
    return b.bytes();
  };
  // Both models need the same normalisation: its numbers are drawn once.
  const drawn = [...o.random.normal(64)];
  const replay = (): RandomNumbers => ({ ...o.random, normal: (count) => Float64Array.from(drawn.slice(0, count)) });
  return { model: write(false, replay()), probe: write(true, replay()) };
}

function batchNormalisation(channels: number, random: RandomNumbers) {
  const values = random.normal(2 * channels);
  const mean = Float32Array.from(values.subarray(0, channels));
  const shift = Float32Array.from(values.subarray(channels));
  return { scale: mean.map((v) => 1 + v / 4), shift, mean, variance: shift.map((v) => 0.25 + v * v) };
}

function affine(b: OnnxBuilder, x: string, map: Affine, shape: readonly number[]): string {
  const channels = shape[0] as number;
  const perChannel = [1, channels, ...shape.slice(1).map(() => 1)];
  const perSpin = [1, ...shape];
  if (map.granularity === 'scalar') {
    const scaled = b.elementwise('Mul', x, map.scale, []);
    return map.shift[0] === 0
      ? scaled
      : b.elementwise(
          'Sub',
          scaled,
          map.shift.map((v) => -v),
          [],
        );
  }
  const dims = map.granularity === 'spin' ? perSpin : perChannel;
  return b.elementwise('Add', b.elementwise('Mul', x, map.scale, dims), map.shift, dims);
}

function layer(b: OnnxBuilder, x: string, l: LinearLayer, o: WriteOptions): string {
  switch (l.kind) {
    case 'identity':
      return x;
    case 'dense':
      return b.gemm(x, l.weights, l.shape, l.bias ?? undefined);
    case 'conv': {
      const uneven = l.pads.some((pad, i) => pad !== l.pads[(i + l.pads.length / 2) % l.pads.length]);
      const common = {
        weights: Float32Array.from(l.weights),
        shape: l.shape,
        bias: l.bias === null ? undefined : Float32Array.from(l.bias),
        strides: l.strides,
        dilations: l.dilations,
        groups: l.groups,
      };
      if (uneven && o.padNodes) return b.conv(b.zeroPad(x, l.pads), common);
      return b.conv(x, { ...common, pads: l.pads });
    }
    default:
      return l satisfies never;
  }
}
