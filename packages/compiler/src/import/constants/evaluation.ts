/** What evaluating a constant node needs, and the bound on what it may cost. */
import type { Constant } from '../../onnx/constant.ts';
import type { OnnxNode } from '../../onnx/onnx-model.ts';

export interface Evaluation {
  readonly node: OnnxNode;
  /** By position; undefined for an absent optional input. */
  readonly inputs: readonly (Constant | undefined)[];
  /** Says that a result of so many elements is about to be made; false where that is more than is left. */
  reserve(elements: number): boolean;
}

/** The node's first output; undefined where it cannot be known (it depends on the batch, or is too large). */
export type Evaluator = (evaluation: Evaluation) => Constant | undefined;

/**
 * Elements that all folded constants of a model may have together. Exporters fold small lists and transposed weights;
 * a hostile file asks a ten-byte node for a gigabyte.
 */
export class FoldingBudget {
  #left: number;

  constructor(initializerElements: number) {
    this.#left = 2 ** 20 + 8 * initializerElements;
  }

  reserve(elements: number): boolean {
    if (!(elements <= this.#left)) return false;
    this.#left -= elements;
    return true;
  }
}

/** Whether an integer list mentions the size of the batch. */
export function dependsOnBatch(constant: Constant): boolean {
  return constant.numbers.some((n) => Number.isNaN(n));
}
