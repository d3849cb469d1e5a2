import type { Pass } from '../pipeline/pass.ts';
import { mapBlocks, type StagedModel } from '../pipeline/staged-model.ts';
import type { RoundedBlock } from './rounded-block.ts';

/** Leaves out couplings whose weights are all zero: they cost a device time and change nothing. */
export const dropZerosPass: Pass<StagedModel<RoundedBlock>, StagedModel<RoundedBlock>> = {
  name: 'drop-zero-couplings',
  version: '1',
  run: (model, context) =>
    mapBlocks(model, context, (block) => {
      const couplings = block.couplings.filter((coupling) => coupling.tensor.data.some((value) => Number(value) !== 0));
      for (const coupling of block.couplings) {
        if (couplings.includes(coupling)) continue;
        context.report({
          code: 'zero-coupling',
          severity: 'warning',
          message: `all weights of ${coupling.id} are zero: it is left out`,
          where: block.model.id,
          related: coupling.nodes,
        });
      }
      return { ...block, couplings };
    }),
};
