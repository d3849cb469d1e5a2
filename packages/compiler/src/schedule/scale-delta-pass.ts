/**
 * The temperature gradient δ as a gain (semantics 3.3): one named number over everything that acts on s2, set with each
 * run and never multiplied into weights.
 */
import type { Gain } from '@isinglass/sdk';
import type { FoldedBlock } from '../fold/folded-block.ts';
import type { Pass } from '../pipeline/pass.ts';
import { mapBlocks, type StagedModel } from '../pipeline/staged-model.ts';

/** A block with its gains. */
export interface GainedBlock extends FoldedBlock {
  readonly gains: readonly [one: Gain, delta: Gain];
}

/** `delta` has one value per block. */
export function scaleDeltaPass(delta: readonly number[]): Pass<StagedModel<FoldedBlock>, StagedModel<GainedBlock>> {
  return {
    name: 'scale-delta',
    version: '1',
    run: (model, context) =>
      mapBlocks(model, context, (block, index) => {
        const value = delta[index] as number;
        if (value > 1) {
          context.report({
            code: 'delta-above-one',
            severity: 'warning',
            message: `δ is ${value}: above 1 the output layer acts back on the hidden layer more than the model does`,
            where: block.model.id,
            needed: value,
            available: 1,
            hint: 'choose δ ≤ 1; small δ comes closer to the feed-forward network and needs more sweeps',
          });
        }
        const gains = [
          { id: 'one', value: 1, runtime: false },
          { id: 'delta', value, runtime: true },
        ] as const;
        return { ...block, gains };
      }),
  };
}
