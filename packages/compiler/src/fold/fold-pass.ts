import type { ModelSizes, Pass } from '../pipeline/pass.ts';
import { blocksOf, type ImportedBlock, mapBlocks, type StagedModel } from '../pipeline/staged-model.ts';
import { foldBlock } from './fold-block.ts';
import type { FoldedBlock } from './folded-block.ts';

/** Affine maps and batch normalisations into kernels and biases. */
export const foldPass: Pass<StagedModel<ImportedBlock>, StagedModel<FoldedBlock>> = {
  name: 'fold-affine',
  version: '1',
  run: (model, context) =>
    mapBlocks(model, context, (block) => {
      const folded = foldBlock(block);
      if ('couplings' in folded) return folded;
      for (const diagnostic of folded) context.report(diagnostic);
      return null;
    }),
  sizes: (model) => foldedSizes(blocksOf(model)),
};

function foldedSizes(blocks: readonly FoldedBlock[]): ModelSizes {
  let weights = 0;
  let nonZeros = 0;
  let biasValues = 0;
  for (const block of blocks) {
    for (const { values } of block.couplings) {
      weights += values.length;
      nonZeros += values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
    }
    for (const bias of block.biases) biasValues += bias.values.length;
  }
  return { weights, nonZeros, weightBits: 64, biasValues };
}
