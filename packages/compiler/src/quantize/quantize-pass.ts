import type { FoldedCoupling } from '../fold/folded-block.ts';
import type { ModelSizes, Pass } from '../pipeline/pass.ts';
import { blocksOf, mapBlocks, type StagedModel } from '../pipeline/staged-model.ts';
import type { GainedBlock } from '../schedule/scale-delta-pass.ts';
import { quantizeValues } from './quantize-values.ts';
import type { RoundedBlock, RoundedCoupling } from './rounded-block.ts';

/** `null`: the real law, which rounds to float32 only. */
export function quantizePass(weightBits: number | null): Pass<StagedModel<GainedBlock>, StagedModel<RoundedBlock>> {
  return {
    name: weightBits === null ? 'round-to-float32' : 'quantize',
    version: '1',
    run: (model, context) =>
      mapBlocks(model, context, (block) => ({
        ...block,
        couplings: block.couplings.map((coupling) => roundCoupling(coupling, weightBits)),
      })),
    sizes: (model) => roundedSizes(blocksOf(model), weightBits ?? 32),
  };
}

function roundCoupling({ values, ...coupling }: FoldedCoupling, weightBits: number | null): RoundedCoupling {
  if (weightBits === null) {
    const tensor = { dtype: 'F32', shape: coupling.shape, data: Float32Array.from(values) } as const;
    return { ...coupling, tensor, rounding: null };
  }
  const { weights, scale, quality } = quantizeValues(values, weightBits);
  return { ...coupling, tensor: { dtype: 'I8', shape: coupling.shape, data: weights }, rounding: { scale, quality } };
}

function roundedSizes(blocks: readonly RoundedBlock[], weightBits: number): ModelSizes {
  let weights = 0;
  let nonZeros = 0;
  let biasValues = 0;
  for (const block of blocks) {
    for (const { tensor } of block.couplings) {
      weights += tensor.data.length;
      for (const value of tensor.data) if (Number(value) !== 0) nonZeros++;
    }
    for (const bias of block.biases) biasValues += bias.values.length;
  }
  return { weights, nonZeros, weightBits, biasValues };
}
