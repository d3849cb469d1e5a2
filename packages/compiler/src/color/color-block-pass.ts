/**
 * Colors of a thermodynamic block, in closed form: with its input pinned its free couplings all join s1 and s2, so the
 * hidden bank is color 0 and the output bank color 1 (paper section 2.3). No search, and two is optimal.
 */
import type { BankId } from '../fold/folded-block.ts';
import type { Pass } from '../pipeline/pass.ts';
import { mapBlocks, type StagedModel } from '../pipeline/staged-model.ts';
import type { RoundedBlock } from '../quantize/rounded-block.ts';

/** A block whose free banks have colors. */
export interface ColoredBlock extends RoundedBlock {
  readonly colors: Readonly<Record<Exclude<BankId, 's0'>, number>>;
}

/** s1 gets color 0, s2 color 1. */
export const colorBlockPass: Pass<StagedModel<RoundedBlock>, StagedModel<ColoredBlock>> = {
  name: 'color-bipartite',
  version: '1',
  run: (model, context) => mapBlocks(model, context, (block) => ({ ...block, colors: { s1: 0, s2: 1 } })),
};
