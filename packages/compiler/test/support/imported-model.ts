import type { BlockModel, ImportedModel } from '../../src/model/block-model.ts';

/** A network that is nothing but one block, between a binary input and its signs. */
export function oneBlockModel(block: BlockModel): ImportedModel {
  return {
    name: 'one-block',
    inputs: [{ name: block.input, dtype: 'spin', shape: ['batch', ...block.inputShape] }],
    outputs: [{ name: block.output, dtype: 'spin', shape: ['batch', ...block.outputShape] }],
    stages: [{ kind: 'block', ...block }],
    opset: 17,
    producer: 'test',
    multiplyAdds: 1000,
  };
}
