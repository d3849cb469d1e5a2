/**
 * A block's numbers from its nodes: shapes of the three banks, the affine maps and layers between them, each in the
 * shape and order of its bank.
 */
import type { Affine, BlockModel, LinearLayer } from '../model/block-model.ts';
import { modelError, quoted } from '../onnx/model-error.ts';
import type { OnnxNode } from '../onnx/onnx-model.ts';
import { type Chain, type ChainMap, evaluateChain, walkBack } from './affine-chain.ts';
import {
  type BankShape,
  compose,
  divide,
  identityAffine,
  rearrange,
  scalarAffine,
  spinsMax,
  spinsOf,
} from './affine-map.ts';
import type { AnalysedGraph } from './fold-constants.ts';
import { absorbAffine, type FoundLayer, reorderInput, reorderOutput } from './linear-layer.ts';
import { depths, Miss } from './miss.ts';
import { bankShapeOf, chained, renamingOperators } from './spin-order.ts';

export type BlockMatch = Omit<BlockModel, 'id'>;

/** The two paths that meet in front of a Sign, as nodes; all numbers come later. */
export interface Skeleton {
  readonly sign: OnnxNode;
  /** From the sum to Sign. */
  readonly outChain: Chain;
  /** The Add or Sub; absent without a K3 path. */
  readonly joint: OnnxNode | undefined;
  /** −1 where the sum subtracts the path of K2. */
  readonly mainSign: 1 | -1;
  readonly k2Chain: Chain;
  readonly k2: FoundLayer;
  readonly midChain: Chain;
  readonly tanh: OnnxNode;
  readonly k1Chain: Chain;
  readonly k1: FoundLayer;
  readonly inChain: Chain;
  readonly skip: Skip | null;
}

export interface Skip {
  /** From K3 (or from x' where K3 is the identity) to the sum. */
  readonly chain: Chain;
  /** null: the identity. */
  readonly k3: FoundLayer | null;
  /** From x', or from x by a way of its own, to K3; empty where K3 is the identity. */
  readonly inChain: Chain;
  /** The value that enters the sum. */
  readonly end: string;
  /** −1 where the sum subtracts this path. */
  readonly sign: 1 | -1;
}

/** Numbers, shapes and orders of a skeleton, or what in it cannot be expressed. */
export function assembleBlock(
  analysed: AnalysedGraph,
  s: Skeleton,
  isBinary: (value: string) => boolean,
): BlockMatch | Miss {
  const { sign } = s;
  const outputShape = bankShapeOf(analysed, sign.outputs[0] ?? '');
  if (outputShape === undefined) return new Miss(depths.geometry, sign.name, 'the shape of its value is not known');
  for (const [node, shape] of [
    [s.k1.layer.node, s.k1.from],
    [s.k1.layer.node, s.k1.to],
    [s.k2.layer.node, s.k2.to],
  ] as const) {
    if (spinsOf(shape) <= spinsMax) continue;
    throw modelError(
      node,
      `${quoted(node)} makes a bank of ${spinsOf(shape)} spins; at most ${spinsMax} are supported`,
    );
  }
  const input = inputSide(analysed, s, isBinary);
  if (input instanceof Miss) return input;
  const hidden = hiddenSide(analysed, s, input.k1);
  if (hidden instanceof Miss) return hidden;
  const output = outputSide(analysed, s, {
    k2: hidden.k2,
    k3: input.k3,
    skipMap: input.skipMap,
    inputShape: input.inputShape,
    outputShape,
  });
  if (output instanceof Miss) return output;
  for (const shape of [input.inputShape, hidden.hiddenShape, outputShape]) {
    if (shape.length < 1 || shape.length > 3) {
      return new Miss(depths.geometry, sign.name, `a bank of shape [${shape}] would need more than three axes`);
    }
  }
  const chains = [s.inChain, s.k1Chain, s.midChain, s.k2Chain, s.outChain, s.skip?.chain, s.skip?.inChain];
  const layers = [s.k1, s.k2, s.skip?.k3];
  const nodes = new Set([
    ...chains.flatMap((chain) => chain?.nodes.map((node) => node.name) ?? []),
    ...layers.flatMap((layer) => layer?.nodes ?? []),
    s.tanh.name,
    ...(s.joint === undefined ? [] : [s.joint.name]),
    sign.name,
  ]);
  return {
    input: input.value,
    output: sign.outputs[0] ?? '',
    inputShape: input.inputShape,
    hiddenShape: hidden.hiddenShape,
    outputShape,
    in: input.affine,
    k1: hidden.k1,
    hidden: hidden.affine,
    mid: hidden.mid,
    k2: output.k2,
    k2Path: output.k2Path,
    k3: output.k3,
    k3Path: output.k3Path,
    outputAffine: output.affine,
    // In the order of the graph, which is that of the file where that can run.
    nodes: analysed.graph.nodes.filter((node) => nodes.has(node.name)).map((node) => node.name),
  };
}

function cannotFollow(layer: LinearLayer): Miss {
  const message = `the positions of the values around ${quoted(layer.node)} are rearranged, which only a dense layer can follow`;
  return new Miss(depths.geometry, layer.node, message);
}

function sameSizes(a: BankShape, b: BankShape): boolean {
  return a.length === b.length && a.every((size, i) => size === b[i]);
}

interface InputSide {
  readonly value: string;
  readonly inputShape: BankShape;
  readonly affine: Affine;
  readonly k1: LinearLayer;
  /** null: no K3 path. */
  readonly k3: LinearLayer | null;
  /** Where K3 is the identity: what lies between x' and the sum, in the order of the bank. */
  readonly skipMap: ChainMap | null;
}

/** The pinned bank, A_in, and K1 and K3 as functions of it. */
function inputSide(analysed: AnalysedGraph, s: Skeleton, isBinary: (value: string) => boolean): InputSide | Miss {
  // A convolution needs its own shape: where the binary value has another, the bank takes the value after the
  // renaming nodes that follow it, which a host stage then makes.
  const leading = s.inChain.nodes.findIndex((node) => !renamingOperators.has(node.opType));
  const renames = s.inChain.nodes.slice(0, leading < 0 ? s.inChain.nodes.length : leading);
  const after = renames.at(-1)?.outputs[0];
  const plain = inputFrom(analysed, s, s.inChain.origin, isBinary);
  if (!(plain instanceof Miss) || after === undefined) return plain;
  const shifted = inputFrom(analysed, s, after, isBinary);
  return shifted instanceof Miss ? plain : shifted;
}

function inputFrom(
  analysed: AnalysedGraph,
  s: Skeleton,
  value: string,
  isBinary: (value: string) => boolean,
): InputSide | Miss {
  const shape = bankShapeOf(analysed, value);
  if (shape === undefined) return new Miss(depths.geometry, value, `the shape of ${quoted(value)} is not known`);
  const stop = (v: string) => v === value || isBinary(v);
  const inChain = walkBack(analysed, s.k1.input, stop);
  const inMap = evaluateChain(analysed, inChain, shape, depths.geometry);
  if (inMap instanceof Miss) return inMap;
  const k1 = followInput(s.k1.layer, s.k1.from, inMap, shape);
  if (k1 instanceof Miss) return k1;
  const base = { value, inputShape: shape, affine: inMap.affine, k1 };
  if (s.skip === null) return { ...base, k3: null, skipMap: null };

  const { k3 } = s.skip;
  const own = walkBack(analysed, k3?.input ?? s.skip.end, stop);
  const place = k3?.layer.node ?? s.joint?.name ?? s.sign.name;
  if (own.origin !== value) {
    const message = `${quoted(own.origin)}, which ${quoted(place)} reads, is arranged otherwise than the input of K1`;
    return new Miss(depths.geometry, place, message);
  }
  const extra = beyond(analysed, { inChain, inMap, own, shape });
  if (extra instanceof Miss) return extra;
  if (k3 === null) {
    return { ...base, k3: { node: place, bias: null, kind: 'identity' }, skipMap: extra };
  }
  const absorbed = absorbAffine(k3.layer, extra.affine, shape);
  if (absorbed === undefined) {
    const message = `K3 (${quoted(place)}) reads x through an affine map that K1 does not share, and that its padding or shared weights exclude`;
    return new Miss(depths.geometry, place, message);
  }
  const layer = followInput(absorbed, k3.from, extra, shape);
  return layer instanceof Miss ? layer : { ...base, k3: layer, skipMap: null };
}

/** What a second path from the bank does after x' (in the bank's order), and how it arranges it. */
function beyond(
  analysed: AnalysedGraph,
  o: { readonly inChain: Chain; readonly inMap: ChainMap; readonly own: Chain; readonly shape: BankShape },
): ChainMap | Miss {
  const { inChain, inMap, own, shape } = o;
  if (inChain.nodes.every((node, i) => own.nodes[i] === node)) {
    const rest = { nodes: own.nodes.slice(inChain.nodes.length) };
    return evaluateChain(analysed, rest, shape, depths.geometry, inMap.view);
  }
  const ownMap = evaluateChain(analysed, own, shape, depths.geometry);
  if (ownMap instanceof Miss) return ownMap;
  const affine = divide(ownMap.affine, inMap.affine, shape);
  const [first] = own.nodes;
  if (affine !== undefined) return { affine: { ...affine, nodes: ownMap.affine.nodes }, view: ownMap.view };
  return new Miss(depths.geometry, first?.name ?? own.origin, 'A_in maps a spin to a constant that K3 does not share');
}

/** A layer over the bank, its input being the given view of it. */
function followInput(layer: LinearLayer, from: BankShape, map: ChainMap, bank: BankShape): LinearLayer | Miss {
  const fits = layer.kind !== 'conv' || sameSizes(from, bank);
  return (fits ? reorderInput(layer, map.view.order) : undefined) ?? cannotFollow(layer);
}

interface HiddenSide {
  readonly hiddenShape: BankShape;
  readonly k1: LinearLayer;
  readonly affine: Affine;
  readonly mid: Affine;
  readonly k2: LinearLayer;
}

/** The hidden bank: in the shape and order of K1's output, or of K2's input where only K1 can follow. */
function hiddenSide(analysed: AnalysedGraph, s: Skeleton, k1: LinearLayer): HiddenSide | Miss {
  const made = s.k1.to;
  const before = evaluateChain(analysed, s.k1Chain, made, depths.geometry);
  if (before instanceof Miss) return before;
  const after = evaluateChain(analysed, s.midChain, made, depths.geometry, before.view);
  if (after instanceof Miss) return after;
  const { order } = after.view;
  if (s.k2.layer.kind !== 'conv') {
    const k2 = reorderInput(s.k2.layer, order);
    if (k2 === undefined) return cannotFollow(s.k2.layer);
    return { hiddenShape: made, k1, affine: before.affine, mid: after.affine, k2 };
  }
  if (order === null && sameSizes(made, s.k2.from)) {
    return { hiddenShape: made, k1, affine: before.affine, mid: after.affine, k2: s.k2.layer };
  }
  const moved = k1.kind === 'dense' ? reorderOutput(k1, order) : undefined;
  if (moved === undefined) return cannotFollow(s.k2.layer);
  return {
    hiddenShape: s.k2.from,
    k1: moved,
    affine: rearrange(before.affine, made, s.k2.from, order),
    mid: rearrange(after.affine, made, s.k2.from, order),
    k2: s.k2.layer,
  };
}

interface OutputSide {
  readonly k2: LinearLayer;
  readonly k2Path: Affine;
  readonly k3: LinearLayer | null;
  readonly k3Path: Affine;
  readonly affine: Affine;
}

/** The output bank, in the shape and order of the Sign's value. */
function outputSide(
  analysed: AnalysedGraph,
  s: Skeleton,
  o: {
    readonly k2: LinearLayer;
    readonly k3: LinearLayer | null;
    readonly skipMap: ChainMap | null;
    readonly inputShape: BankShape;
    readonly outputShape: BankShape;
  },
): OutputSide | Miss {
  const sumShape = bankShapeOf(analysed, s.outChain.origin);
  if (sumShape === undefined) return new Miss(depths.geometry, s.sign.name, 'the shape of the sum is not known');
  const out = evaluateChain(analysed, s.outChain, sumShape, depths.geometry);
  if (out instanceof Miss) return out;
  const { outputShape } = o;
  const toSign = out.view.order;

  /** A path that ends in a layer: its map, and the layer brought to the order of the Sign. */
  const follow = (layer: LinearLayer, made: BankShape, path: ChainMap, sign: 1 | -1) => {
    const order = chained(path.view.order, toSign);
    if (!sameSizes(path.view.shape, sumShape)) return cannotBroadcast(s);
    const fits = layer.kind === 'conv' ? sameSizes(made, outputShape) : true;
    // The identity joins spin i with spin i: no order can be put into it.
    const ordered = !fits || (layer.kind === 'identity' && order !== null) ? undefined : reorderOutput(layer, order);
    if (ordered === undefined) return cannotFollow(layer);
    const signed = sign === 1 ? path.affine : compose(scalarAffine(-1, 0), path.affine, made);
    return { layer: ordered, affine: rearrange(signed, made, outputShape, order) };
  };

  const k2Map = evaluateChain(analysed, s.k2Chain, s.k2.to, depths.geometry);
  if (k2Map instanceof Miss) return k2Map;
  const main = follow(o.k2, s.k2.to, k2Map, s.mainSign);
  if (main instanceof Miss) return main;
  const affine = rearrange(out.affine, sumShape, outputShape, toSign);
  if (s.skip === null || o.k3 === null) {
    return { k2: main.layer, k2Path: main.affine, k3: null, k3Path: identityAffine, affine };
  }
  const made = s.skip.k3?.to ?? o.inputShape;
  const skipMap = o.skipMap ?? evaluateChain(analysed, s.skip.chain, made, depths.geometry);
  if (skipMap instanceof Miss) return skipMap;
  const skip = follow(o.k3, made, skipMap, s.skip.sign);
  if (skip instanceof Miss) return skip;
  return { k2: main.layer, k2Path: main.affine, k3: skip.layer, k3Path: skip.affine, affine };
}

function cannotBroadcast(s: Skeleton): Miss {
  const name = s.joint?.name ?? s.sign.name;
  return new Miss(depths.geometry, name, `the two paths that ${quoted(name)} adds have different shapes`);
}
