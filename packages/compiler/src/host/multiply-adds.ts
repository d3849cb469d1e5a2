/** Multiply-adds of a node per image: the cost that blocks take off the host (Conv, Gemm, MatMul; nothing else counts). */

import type { AnalysedGraph } from '../import/fold-constants.ts';
import { intAttribute } from '../onnx/attributes.ts';
import type { OnnxNode } from '../onnx/onnx-model.ts';
import { countOf } from '../onnx/shapes/value-type.ts';
import { tapsInBounds, windowOf } from '../onnx/window.ts';

/** Taps on padding are not counted. Zero where a shape is not known. */
export function multiplyAddsOf(analysed: AnalysedGraph, node: OnnxNode): number {
  if (node.domain !== '') return 0;
  const [x = '', w = ''] = node.inputs;
  const input = analysed.typeOf(x)?.shape;
  const weights = analysed.typeOf(w)?.shape;
  const output = analysed.typeOf(node.outputs[0] ?? '')?.shape;
  if (input === undefined || weights === undefined || output === undefined) return 0;
  switch (node.opType) {
    case 'Conv': {
      const map = input.slice(2).filter((d) => typeof d === 'number');
      const [outputs, perGroup, ...kernel] = weights.filter((d) => typeof d === 'number');
      const window = windowOf(node, map, kernel);
      const taps = map.reduce((product, _, axis) => product * tapsInBounds(window, map, axis), 1);
      return (outputs ?? 0) * (perGroup ?? 0) * taps;
    }
    case 'Gemm': {
      const inner = intAttribute(node, 'transA', 0) === 0 ? input[1] : input[0];
      return countOf(output) * (typeof inner === 'number' ? inner : 1);
    }
    case 'MatMul': {
      const inner = input.at(-1);
      return countOf(output) * (typeof inner === 'number' ? inner : 1);
    }
    default:
      return 0;
  }
}
