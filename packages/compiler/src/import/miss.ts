/** Where the search for a block ended, as a sentence about the model: the deepest one found is the nearest miss. */
import { quoted } from '../onnx/model-error.ts';
import type { AnalysedGraph } from './fold-constants.ts';

/** How far a search came, counted from the Sign backwards. */
export const depths = { sum: 0, k2: 1, tanh: 2, k1: 3, binary: 4, skip: 5, geometry: 6 } as const;

export class Miss {
  readonly depth: number;
  /** The node, or the value, that stands in the way. */
  readonly where: string;
  readonly message: string;

  constructor(depth: number, where: string, message: string) {
    this.depth = depth;
    this.where = where;
    this.message = message;
  }
}

/** The one that came further; the first of two that came equally far. */
export function nearer(a: Miss, b: Miss): Miss {
  return b.depth > a.depth ? b : a;
}

/** A miss at the origin of `value`: "`Relu_7` stands where a Tanh is needed". */
export function standsFor(depth: number, analysed: AnalysedGraph, value: string, needed: string): Miss {
  const node = analysed.graph.producer.get(value);
  if (node !== undefined) return new Miss(depth, node.name, `${quoted(node.name)} stands where ${needed} is needed`);
  const what = analysed.isConstant(value) ? 'the constant' : 'the input';
  return new Miss(depth, value, `${what} ${quoted(value)} stands where ${needed} is needed`);
}
