/**
 * Finds the thermodynamic block that ends in a Sign (compiler.md, paper eq. 1–4), walking backwards:
 *
 *   binary x → affine* → K1 → affine* → Tanh → affine* → K2 → affine* ⊕ [K3 of x' → affine*] → affine* → Sign
 *
 * K1, K2, K3 are Conv, Gemm or MatMul with constant weights; K3 may be absent or the identity. Where the pattern
 * breaks, the answer is a Miss that names the node in the way.
 */
import type { OnnxNode } from '../onnx/onnx-model.ts';
import { walkBack } from './affine-chain.ts';
import { assembleBlock, type BlockMatch, type Skeleton, type Skip } from './assemble-block.ts';
import type { AnalysedGraph } from './fold-constants.ts';
import { layerNode, readLayer } from './linear-layer.ts';
import { depths, Miss, nearer, standsFor } from './miss.ts';

const aLayer = 'a Conv, Gemm or MatMul';

/** The block that ends in `sign`, or why there is none. `isBinary` says which values are ±1. */
export function matchBlock(
  analysed: AnalysedGraph,
  sign: OnnxNode,
  isBinary: (value: string) => boolean,
): BlockMatch | Miss {
  const outChain = walkBack(analysed, sign.inputs[0] ?? '');
  if (layerNode(analysed, outChain.origin) !== undefined) {
    const main = matchMain(analysed, outChain.origin, isBinary);
    if (main instanceof Miss) return main;
    return assembleBlock(analysed, { ...main, sign, outChain, joint: undefined, mainSign: 1, skip: null }, isBinary);
  }
  const joint = analysed.graph.producer.get(outChain.origin);
  const isSum = joint?.domain === '' && ['Add', 'Sub', 'Sum'].includes(joint.opType) && joint.inputs.length === 2;
  if (!isSum) return standsFor(depths.sum, analysed, outChain.origin, `${aLayer} (K2), or the sum of two paths,`);
  const [a = '', b = ''] = joint.inputs;
  const first = matchPaths(analysed, { main: a, skip: b }, isBinary);
  const paths = first instanceof Miss ? matchPaths(analysed, { main: b, skip: a }, isBinary) : first;
  if (paths instanceof Miss) return first instanceof Miss ? nearer(first, paths) : paths;
  const { main, skip } = paths;
  const signOf = (value: string) => (joint.opType === 'Sub' && value === b ? -1 : 1);
  return assembleBlock(
    analysed,
    {
      ...main,
      sign,
      outChain,
      joint,
      mainSign: signOf(first instanceof Miss ? b : a),
      skip: { ...skip, sign: signOf(skip.end) },
    },
    isBinary,
  );
}

function matchPaths(
  analysed: AnalysedGraph,
  ends: { readonly main: string; readonly skip: string },
  isBinary: (value: string) => boolean,
) {
  const main = matchMain(analysed, ends.main, isBinary);
  if (main instanceof Miss) return main;
  const skip = matchSkip(analysed, ends.skip, main, isBinary);
  return skip instanceof Miss ? skip : { main, skip };
}

type MainPath = Pick<Skeleton, 'k2Chain' | 'k2' | 'midChain' | 'tanh' | 'k1Chain' | 'k1' | 'inChain'>;

/** From the sum back over K2, Tanh and K1 to a binary value. */
function matchMain(analysed: AnalysedGraph, value: string, isBinary: (value: string) => boolean): MainPath | Miss {
  const k2Chain = walkBack(analysed, value);
  const k2Node = layerNode(analysed, k2Chain.origin);
  if (k2Node === undefined) return standsFor(depths.k2, analysed, k2Chain.origin, `${aLayer} (K2)`);
  const k2 = readLayer(analysed, k2Node, depths.k2);
  if (k2 instanceof Miss) return k2;
  const midChain = walkBack(analysed, k2.input);
  const tanh = analysed.graph.producer.get(midChain.origin);
  if (tanh === undefined || tanh.opType !== 'Tanh' || tanh.domain !== '') {
    return standsFor(depths.tanh, analysed, midChain.origin, 'a Tanh');
  }
  const k1Chain = walkBack(analysed, tanh.inputs[0] ?? '');
  const k1Node = layerNode(analysed, k1Chain.origin);
  if (k1Node === undefined) return standsFor(depths.k1, analysed, k1Chain.origin, `${aLayer} (K1)`);
  const k1 = readLayer(analysed, k1Node, depths.k1);
  if (k1 instanceof Miss) return k1;
  const inChain = walkBack(analysed, k1.input, isBinary);
  if (!isBinary(inChain.origin)) return standsFor(depths.binary, analysed, inChain.origin, 'a Sign (a binary value)');
  return { k2Chain, k2, midChain, tanh, k1Chain, k1, inChain };
}

/** From the sum back over K3, if there is one, to x' or at least to the same binary value. */
function matchSkip(
  analysed: AnalysedGraph,
  value: string,
  main: MainPath,
  isBinary: (value: string) => boolean,
): Omit<Skip, 'sign'> | Miss {
  const stop = (v: string) => v === main.k1.input || isBinary(v);
  const isX = (v: string) => v === main.k1.input || v === main.inChain.origin;
  const chain = walkBack(analysed, value, stop);
  if (isX(chain.origin)) return { chain, k3: null, inChain: { origin: chain.origin, nodes: [] }, end: value };
  const node = layerNode(analysed, chain.origin);
  if (node === undefined) return standsFor(depths.skip, analysed, chain.origin, `${aLayer} (K3), or the input of K1,`);
  const k3 = readLayer(analysed, node, depths.skip);
  if (k3 instanceof Miss) return k3;
  const inChain = walkBack(analysed, k3.input, stop);
  if (!isX(inChain.origin)) return standsFor(depths.skip, analysed, inChain.origin, 'the input of K1');
  return { chain, k3, inChain, end: value };
}
