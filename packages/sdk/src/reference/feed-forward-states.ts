/** The feed-forward start of a run (semantics 4.8, and 7 for the real law): s_i = +1 iff u_i ≥ 0. */
import { activationTable, feedForwardMean } from '../law/activation-table.ts';
import { fixedBlock } from '../law/fixed-block.ts';
import { type Multiplier, scaled, scaledMeans } from '../law/multiplier.ts';
import type { Program } from '../program/program.ts';
import type { Block, Coupling } from '../program/program-json.ts';
import { type PackedSpins, packSpins } from '../spins/packed-spins.ts';
import { checkBanks, freeBanks, pinnedBanks } from './check-run.ts';
import {
  type FeedForwardLaw,
  type FeedForwardRequest,
  feedForwardPass,
  imageCount,
  pinnedRow,
} from './feed-forward.ts';
import { feedForwardLaw } from './feed-forward-means.ts';

/** Every free bank, one row per image, by the law of the program. */
export function feedForwardStates(
  program: Program,
  block: Block,
  request: FeedForwardRequest,
): Readonly<Record<string, PackedSpins>> {
  const images = imageCount(request);
  checkBanks('inputs', request.inputs, pinnedBanks(block), images);
  const isFixed = program.json.law.kind === 'fixed';
  const law = isFixed
    ? fixedFeedForwardLaw(program, block, request.gains)
    : feedForwardLaw(program, block, request.gains);
  const passes = Array.from({ length: images }, (_, image) =>
    feedForwardPass(program, block, law, pinnedRow(request.inputs, image)),
  );
  return Object.fromEntries(
    freeBanks(block).map(({ id }) => {
      const signs = passes.flatMap(({ fields }) => Array.from(fields.get(id) ?? [], (u) => (u >= 0 ? 1 : -1)));
      return [id, packSpins(signs, images, signs.length / images)];
    }),
  );
}

/** 4.8:  u_i = H_i + Σ_free ⌊(A'_i·M + 2^(sh+6)) / 2^(sh+7)⌋,  A'_i = Σ w·m_j,  m_j ≈ 128·tanh. Integers. */
function fixedFeedForwardLaw(
  program: Pick<Program, 'tensors'>,
  block: Block,
  gains: Readonly<Record<string, number>>,
): FeedForwardLaw {
  const { biases, multipliers, fractionBits } = fixedBlock(program, block, gains);
  const table = activationTable(fractionBits);
  const multiplierOf = (coupling: Coupling) => multipliers.get(coupling.id) as Multiplier;
  return {
    biases,
    pinnedTerm: (coupling, sum) => scaled(sum, multiplierOf(coupling)),
    freeTerm: (coupling, sum) => scaledMeans(sum, multiplierOf(coupling)),
    mean: (field) => feedForwardMean(table, fractionBits, field),
  };
}
