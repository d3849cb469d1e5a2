/**
 * Random networks of one thermodynamic block, small enough to evaluate everywhere and varied enough to meet every
 * case of the importer and of the fold: both exporters, convolutions of rank 1 and 2 and dense layers, strides,
 * dilations, groups, asymmetric and computed padding, biases, batch normalisation, affine maps in all places.
 */
import { type ExporterStyle, OnnxBuilder } from './onnx-builder.ts';

/** Uniform numbers in 0 … 1 from a 32-bit seed (mulberry32). */
export function dice(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface RandomBlock {
  readonly seed: number;
  readonly style: ExporterStyle;
  /** What was drawn, for the name of a test. */
  readonly description: string;
  /** `x` (float ±1, to be declared binary) → `y`, its sign. */
  readonly model: Uint8Array<ArrayBuffer>;
  /** The same network with the float outputs `z1` (input of Tanh) and `z2` (input of Sign). */
  readonly fields: Uint8Array<ArrayBuffer>;
  /** Without the batch. */
  readonly inputShape: readonly number[];
  readonly hiddenShape: readonly number[];
  readonly outputShape: readonly number[];
}

interface Layer {
  readonly shape: readonly number[];
  readonly weights: Float32Array;
  readonly bias: Float32Array | undefined;
  readonly strides: readonly number[];
  readonly pads: readonly number[];
  readonly dilations: readonly number[];
  readonly groups: number;
  /** How the padding is written. */
  readonly padding: 'attribute' | 'nodes';
}

export interface RandomBlockOptions {
  readonly style?: ExporterStyle;
  /** Spatial axes: 0 is a dense block. */
  readonly rank?: 0 | 1 | 2;
}

/** The block of a seed; the same seed gives the same block. */
export function randomBlock(seed: number, o: RandomBlockOptions = {}): RandomBlock {
  const random = dice(seed);
  const int = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const chance = (p: number) => random() < p;
  const style = o.style ?? (chance(0.5) ? 'torchscript' : 'dynamo');
  const rank = o.rank ?? [2, 2, 2, 1, 1, 0][int(0, 5)] ?? 2;
  const normal = (n: number, scale: number) => Float32Array.from({ length: n }, () => (random() * 2 - 1) * scale);
  const said: string[] = [style, rank === 0 ? 'dense' : `rank ${rank}`];

  const channels = { in: 2 * int(1, 2), hidden: 2 * int(1, 3), out: 2 * int(1, 2) };
  const map = Array.from({ length: rank }, () => int(4, 7));
  const layers = rank === 0 ? null : drawLayers();
  const identitySkip = rank === 0 ? chance(0.3) : layers?.identity === true;
  if (identitySkip) channels.out = channels.in;
  const skip = identitySkip ? 'identity' : chance(0.75) ? 'layer' : 'none';
  said.push(`skip ${skip}`);

  function outSize(size: number, l: Layer, axis: number): number {
    const span = (l.dilations[axis] ?? 1) * ((l.shape[axis + 2] ?? 1) - 1) + 1;
    return Math.floor((size + (l.pads[axis] ?? 0) + (l.pads[axis + rank] ?? 0) - span) / (l.strides[axis] ?? 1)) + 1;
  }

  function drawLayer(cin: number, cout: number, k: number[], strides: number[], pads: number[], dilation: number) {
    const groups = chance(0.25) ? 2 : 1;
    const shape = [cout, cin / groups, ...k];
    const taps = shape.slice(1).reduce((a, b) => a * b, 1);
    return {
      shape,
      weights: normal(cout * taps, 2 / Math.sqrt(taps)),
      bias: chance(0.5) ? normal(cout, 0.5) : undefined,
      strides,
      pads,
      dilations: k.map(() => dilation),
      groups,
      padding: chance(0.3) ? 'nodes' : 'attribute',
    } satisfies Layer;
  }

  /** Draws until the paths of K2 and K3 end in maps of one size. */
  function drawLayers() {
    for (;;) {
      const stride = map.map(() => int(1, 2));
      const k1 = drawLayer(
        channels.in,
        channels.hidden,
        map.map(() => int(1, 3)),
        stride,
        [...map, ...map].map(() => int(0, 2)),
        chance(0.2) ? 2 : 1,
      );
      const hidden = map.map((size, axis) => outSize(size, k1, axis));
      if (hidden.some((size) => size < 1)) continue;
      const identity = chance(0.25);
      const k2 = drawLayer(
        channels.hidden,
        identity ? channels.in : channels.out,
        map.map(() => int(1, 3)),
        map.map(() => 1),
        [...map, ...map].map(() => int(0, 1)),
        1,
      );
      const output = hidden.map((size, axis) => outSize(size, k2, axis));
      if (output.some((size) => size < 1)) continue;
      if (identity) {
        if (output.every((size, axis) => size === map[axis])) return { k1, k2, k3: null, hidden, output, identity };
        continue;
      }
      const k3 = drawLayer(
        channels.in,
        channels.out,
        map.map(() => int(1, 3)),
        stride,
        [...map, ...map].map(() => int(0, 2)),
        1,
      );
      if (map.every((size, axis) => outSize(size, k3, axis) === output[axis])) {
        return { k1, k2, k3, hidden, output, identity };
      }
    }
  }

  const inputShape = [channels.in, ...map];
  const hiddenShape = [channels.hidden, ...(layers?.hidden ?? [])];
  const outputShape = [channels.out, ...(layers?.output ?? [])];

  // Every random number of the parameters is drawn here, once, so that both models below have the same ones.
  const affine = (name: string, p: number, c: number) => {
    if (!chance(p)) return null;
    const granularity = chance(0.25) ? 'scalar' : 'channel';
    const n = granularity === 'scalar' ? 1 : c;
    const drawn = {
      dims: granularity === 'scalar' ? [] : [1, c, ...map.map(() => 1)],
      scale: chance(0.8) ? normal(n, 1).map((v) => v + Math.sign(v) * 0.3) : null,
      shift: chance(0.8) ? normal(n, 0.6) : null,
      order: chance(0.5),
      divide: chance(0.2),
      subtract: chance(0.2),
    };
    said.push(name);
    return drawn;
  };
  type Map = NonNullable<ReturnType<typeof affine>>;
  const maps = {
    in: affine('a_in', 0.8, channels.in),
    hidden: affine('affine after K1', 0.3, channels.hidden),
    mid: affine('a_mid', 0.8, channels.hidden),
    k2: affine('affine after K2', 0.2, channels.out),
    k3: skip === 'none' ? null : affine('affine after K3', 0.2, channels.out),
    out: affine('affine after the sum', 0.3, channels.out),
  };
  const norm = chance(0.5)
    ? {
        scale: normal(channels.hidden, 1).map((v) => v + Math.sign(v) * 0.5),
        shift: normal(channels.hidden, 0.5),
        mean: normal(channels.hidden, 0.5),
        variance: normal(channels.hidden, 1).map((v) => v * v + 0.2),
      }
    : null;
  if (norm !== null) said.push('batch norm');
  const dense = (to: number, from: number) => ({
    weights: normal(to * from, 2 / Math.sqrt(from)),
    bias: chance(0.5) ? normal(to, 0.5) : undefined,
    matmul: chance(0.4),
  });
  const denseLayers = {
    k1: dense(channels.hidden, channels.in),
    k2: dense(channels.out, channels.hidden),
    k3: dense(channels.out, channels.in),
  };
  const swapped = chance(0.5);
  if (layers !== null) said.push(`strides ${layers.k1.strides}, pads ${layers.k1.pads}, groups ${layers.k1.groups}`);

  function write(outputs: 'sign' | 'fields'): Uint8Array<ArrayBuffer> {
    const b = new OnnxBuilder({ style });
    const apply = (x: string, m: Map | null): string => {
      if (m === null) return x;
      let y = x;
      const scale = () => {
        if (m.scale === null) return;
        y = m.divide
          ? b.elementwise(
              'Div',
              y,
              m.scale.map((v) => 1 / v),
              m.dims,
            )
          : b.elementwise('Mul', y, m.scale, m.dims);
      };
      const shift = () => {
        if (m.shift !== null) y = b.elementwise(m.subtract ? 'Sub' : 'Add', y, m.shift, m.dims);
      };
      if (m.order) scale();
      shift();
      if (!m.order) scale();
      return y;
    };
    const conv = (x: string, l: Layer) =>
      l.padding === 'nodes' && l.pads.some((p) => p > 0)
        ? b.conv(b.zeroPad(x, l.pads), { ...l, pads: l.pads.map(() => 0) })
        : b.conv(x, l);
    const linear = (x: string, l: Layer | null | undefined, d: ReturnType<typeof dense>, to: number, from: number) => {
      if (l !== null && l !== undefined) return conv(x, l);
      if (!d.matmul) return b.gemm(x, d.weights, [to, from], d.bias);
      const transposed = Float32Array.from(
        { length: to * from },
        (_, i) => d.weights[(i % to) * from + Math.floor(i / to)] ?? 0,
      );
      const y = b.matmul(x, transposed, [from, to]);
      return d.bias === undefined ? y : b.elementwise('Add', y, d.bias, [to]);
    };
    b.input('x', ['batch', ...inputShape]);
    const x = apply('x', maps.in);
    let z1 = linear(x, layers?.k1, denseLayers.k1, channels.hidden, channels.in);
    if (norm !== null) z1 = b.batchNorm(z1, norm);
    z1 = apply(z1, maps.hidden);
    const mid = apply(b.tanh(z1), maps.mid);
    let z2 = apply(linear(mid, layers?.k2, denseLayers.k2, channels.out, channels.hidden), maps.k2);
    if (skip !== 'none') {
      const z3 = apply(
        skip === 'identity' ? x : linear(x, layers?.k3, denseLayers.k3, channels.out, channels.in),
        maps.k3,
      );
      z2 = swapped ? b.add(z3, z2) : b.add(z2, z3);
    }
    z2 = apply(z2, maps.out);
    if (outputs === 'sign') {
      b.node('Sign', [z2], {}, { outputs: ['y'] });
      b.output('y', ['batch', ...outputShape]);
    } else {
      b.node('Identity', [z1], {}, { outputs: ['z1'] });
      b.node('Identity', [z2], {}, { outputs: ['z2'] });
      b.output('z1', ['batch', ...hiddenShape]).output('z2', ['batch', ...outputShape]);
    }
    return b.bytes();
  }

  return {
    seed,
    style,
    description: said.join(', '),
    model: write('sign'),
    fields: write('fields'),
    inputShape,
    hiddenShape,
    outputShape,
  };
}
