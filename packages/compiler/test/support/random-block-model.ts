/**
 * Random thermodynamic blocks for property tests: strides, dilations, groups, asymmetric pads, affine maps of every
 * granularity that can be folded, identity and dense layers. Shapes come from fast-check, numbers from a seed.
 */
import fc from 'fast-check';
import type { Affine, BlockModel, LinearLayer } from '../../src/model/block-model.ts';
import { numbers, type RandomNumbers } from './random-numbers.ts';

export interface BlockRecipe {
  readonly seed: number;
  readonly kind: 'conv' | 'dense';
  readonly rank: 1 | 2;
  readonly groups: 1 | 2;
  /** Channels per group. */
  readonly channels: readonly [input: number, hidden: number, output: number];
  readonly size: readonly number[];
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly padBegin: readonly number[];
  readonly padEnd: readonly number[];
  readonly skip: 'conv' | 'identity' | 'none';
  readonly bias: boolean;
  /** Of the shifts before K1 and K2; their scales are per channel. */
  readonly shift: 'none' | 'channel' | 'spin';
}

const small = (min: number, max: number) => fc.integer({ min, max });
const pair = (min: number, max: number) => fc.tuple(small(min, max), small(min, max));

/** Recipes of blocks small enough to evaluate naively. */
export const blockRecipe: fc.Arbitrary<BlockRecipe> = fc.record({
  seed: fc.integer({ min: 1, max: 0x7fffffff }),
  kind: fc.constantFrom('conv', 'conv', 'conv', 'dense'),
  rank: fc.constantFrom(2, 2, 1),
  groups: fc.constantFrom(1, 2),
  channels: fc.tuple(small(1, 3), small(1, 3), small(1, 3)),
  size: pair(1, 7),
  kernel: pair(1, 3),
  stride: pair(1, 2),
  dilation: pair(1, 2),
  padBegin: pair(0, 2),
  padEnd: pair(0, 2),
  skip: fc.constantFrom('conv', 'identity', 'none'),
  bias: fc.boolean(),
  shift: fc.constantFrom('channel', 'channel', 'none', 'spin'),
});

/** The block of a recipe; sizes that the recipe makes impossible are mended (larger maps, no skip). */
export function randomBlockModel(recipe: BlockRecipe): BlockModel {
  const random = numbers(recipe.seed);
  return recipe.kind === 'dense' ? denseBlock(recipe, random) : convBlock(recipe, random);
}

function convBlock(recipe: BlockRecipe, random: RandomNumbers): BlockModel {
  const axes = recipe.rank;
  const take = (list: readonly number[]) => list.slice(0, axes);
  const [cin, chid, cout] = recipe.channels.map((n) => n * recipe.groups) as [number, number, number];
  const kernel = take(recipe.kernel);
  const dilation = take(recipe.dilation);
  const extent = kernel.map((k, i) => (dilation[i] as number) * (k - 1) + 1);
  const begin = take(recipe.padBegin);
  const end = take(recipe.padEnd);
  const size = take(recipe.size).map((n, i) =>
    Math.max(n, (extent[i] as number) - (begin[i] as number) - (end[i] as number)),
  );
  const stride = take(recipe.stride);
  const hidden = size.map(
    (n, i) =>
      Math.floor((n + (begin[i] as number) + (end[i] as number) - (extent[i] as number)) / (stride[i] as number)) + 1,
  );
  const k1 = conv(random, { node: 'K1', cout: chid, cin, kernel, stride, dilation, begin, end, recipe });
  // K2 keeps the size of the map: total padding extent − 1, split unevenly.
  const begin2 = extent.map((n, i) => Math.min(n - 1, begin[i] as number));
  const end2 = extent.map((n, i) => n - 1 - (begin2[i] as number));
  const unit = kernel.map(() => 1);
  const k2 = conv(random, {
    node: 'K2',
    cout,
    cin: chid,
    kernel,
    stride: unit,
    dilation,
    begin: begin2,
    end: end2,
    recipe,
  });
  const inputShape = [cin, ...size];
  const hiddenShape = [chid, ...hidden];
  const outputShape = [cout, ...hidden];
  return block(recipe, random, { k1, k2, k3: skipLayer(recipe, random, { inputShape, outputShape, stride }) }, [
    inputShape,
    hiddenShape,
    outputShape,
  ]);
}

function skipLayer(
  recipe: BlockRecipe,
  random: RandomNumbers,
  o: {
    readonly inputShape: readonly number[];
    readonly outputShape: readonly number[];
    readonly stride: readonly number[];
  },
): LinearLayer | null {
  if (recipe.skip === 'none') return null;
  if (recipe.skip === 'identity') {
    const same = o.inputShape.every((n, i) => n === o.outputShape[i]);
    return same ? { kind: 'identity', node: 'skip', bias: null } : null;
  }
  // A 2-tap kernel where the sizes allow it, with all the padding that is needed at the end.
  const [cin, ...size] = o.inputShape as [number, ...number[]];
  const [cout, ...out] = o.outputShape as [number, ...number[]];
  const kernel = size.map(() => 2);
  const end = size.map((n, i) => Math.max(0, ((out[i] as number) - 1) * (o.stride[i] as number) + 2 - n));
  const fits = size.every((n, i) => Math.floor((n + (end[i] as number) - 2) / (o.stride[i] as number)) + 1 === out[i]);
  if (!fits) return null;
  const ones = size.map(() => 1);
  const zeros = size.map(() => 0);
  return conv(random, { node: 'K3', cout, cin, kernel, stride: o.stride, dilation: ones, begin: zeros, end, recipe });
}

function denseBlock(recipe: BlockRecipe, random: RandomNumbers): BlockModel {
  const counts = recipe.channels.map((n) => 4 * n) as [number, number, number];
  const layer = (node: string, nto: number, nfrom: number): LinearLayer => ({
    kind: 'dense',
    node,
    weights: random.normal(nto * nfrom),
    shape: [nto, nfrom],
    bias: recipe.bias ? random.normal(nto) : null,
  });
  const [from, hidden, to] = counts;
  // The input of a dense block may be a map that was flattened.
  const inputShape = recipe.rank === 2 ? [from / 4, 2, 2] : [from];
  const identity: LinearLayer = { kind: 'identity', node: 'skip', bias: null };
  const k3 =
    recipe.skip === 'none' ? null : recipe.skip === 'identity' && from === to ? identity : layer('K3', to, from);
  return block(recipe, random, { k1: layer('K1', hidden, from), k2: layer('K2', to, hidden), k3 }, [
    inputShape,
    [hidden],
    [to],
  ]);
}

function conv(
  random: RandomNumbers,
  o: {
    readonly node: string;
    readonly cout: number;
    readonly cin: number;
    readonly kernel: readonly number[];
    readonly stride: readonly number[];
    readonly dilation: readonly number[];
    readonly begin: readonly number[];
    readonly end: readonly number[];
    readonly recipe: BlockRecipe;
  },
): LinearLayer {
  const shape = [o.cout, o.cin / o.recipe.groups, ...o.kernel];
  return {
    kind: 'conv',
    node: o.node,
    weights: random.normal(shape.reduce((a, b) => a * b, 1)),
    shape,
    bias: o.recipe.bias ? random.normal(o.cout) : null,
    strides: o.stride,
    pads: [...o.begin, ...o.end],
    dilations: o.dilation,
    groups: o.recipe.groups,
  };
}

function block(
  recipe: BlockRecipe,
  random: RandomNumbers,
  layers: Pick<BlockModel, 'k1' | 'k2' | 'k3'>,
  [inputShape, hiddenShape, outputShape]: readonly [readonly number[], readonly number[], readonly number[]],
): BlockModel {
  const affine = (name: string, shape: readonly number[], shift: BlockRecipe['shift']): Affine => {
    const spins = shape.reduce((a, b) => a * b, 1);
    const channels = shape[0] as number;
    const area = spins / channels;
    if (shift !== 'spin') {
      const values = random.normal(channels);
      return {
        granularity: 'channel',
        scale: random.normal(channels),
        shift: shift === 'none' ? values.fill(0) : values,
        nodes: [name],
      };
    }
    // One scale per channel, written per spin: only the shift varies inside a channel.
    const perChannel = random.normal(channels);
    const scale = Float64Array.from({ length: spins }, (_, i) => perChannel[Math.floor(i / area)] as number);
    return { granularity: 'spin', scale, shift: random.normal(spins), nodes: [name] };
  };
  const scalar: Affine = {
    granularity: 'scalar',
    scale: Float64Array.of(1.5),
    shift: Float64Array.of(recipe.shift === 'none' ? 0 : -0.25),
    nodes: ['scalar'],
  };
  return {
    id: 'block1',
    input: 'x',
    output: 'y',
    inputShape,
    hiddenShape,
    outputShape,
    in: affine('in', inputShape, recipe.shift),
    ...layers,
    hidden: affine('hidden', hiddenShape, recipe.shift),
    mid: affine('mid', hiddenShape, recipe.shift),
    k2Path: scalar,
    k3Path: affine('k3Path', outputShape, 'channel'),
    outputAffine: affine('output', outputShape, recipe.shift),
    nodes: ['in', 'K1', 'hidden', 'Tanh', 'mid', 'K2', 'K3', 'output', 'Sign'],
  };
}
