/**
 * The block as the neural network that it came from (paper eq. 1–4, folded as in semantics 3.2), in floating point:
 *
 *   z1 = K1 x + b           z2 = K2 tanh(β z1) + K3 x           y = sign z2
 *
 * for any block, color by color. It takes programs of both laws; J = gain · scale · w. **Gains are included**: with the
 * δ of a thermodynamic block, the field of s2 is δ·z2 of the paper. Its sign does not depend on δ; for the paper's z2
 * itself ask with `gains: { delta: 1 }`.
 */
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { checkBanks, freeBanks, pinnedBanks } from './check-run.ts';
import {
  type FeedForwardLaw,
  type FeedForwardRequest,
  feedForwardPass,
  imageCount,
  pinnedRow,
} from './feed-forward.ts';
import { blockBeta, couplingStrengths, realBiases } from './real-law.ts';

/** Both `[images][spins]`. */
export interface FeedForwardMeans {
  /** Local field z, gains included, β not. */
  readonly z: Float64Array<ArrayBuffer>;
  /** tanh(β·z), the spin's mean if its neighbours were their means. */
  readonly mean: Float64Array<ArrayBuffer>;
}

/** By free bank. The network's output is the sign of the last bank's z (semantics 2.2 decides at 0). */
export function feedForwardMeans(
  program: Pick<Program, 'tensors'>,
  block: Block,
  request: FeedForwardRequest,
): ReadonlyMap<string, FeedForwardMeans> {
  const images = imageCount(request);
  checkBanks('inputs', request.inputs, pinnedBanks(block), images);
  const law = feedForwardLaw(program, block, request.gains);
  const passes = Array.from({ length: images }, (_, image) =>
    feedForwardPass(program, block, law, pinnedRow(request.inputs, image)),
  );
  return new Map(
    freeBanks(block).map(({ id }) => {
      const z = concatenated(passes.map((pass) => pass.fields.get(id) ?? new Float64Array()));
      const mean = concatenated(passes.map((pass) => pass.means.get(id) ?? new Float64Array()));
      return [id, { z, mean }];
    }),
  );
}

/** Semantics 4.8 with tanh in floating point, as clause 7 says. */
export function feedForwardLaw(
  program: Pick<Program, 'tensors'>,
  block: Block,
  gains: Readonly<Record<string, number>>,
): FeedForwardLaw {
  const strength = couplingStrengths(block, gains);
  const beta = blockBeta(block);
  return {
    biases: realBiases(program, block, gains),
    pinnedTerm: (coupling, sum) => strength(coupling) * sum,
    freeTerm: (coupling, sum) => strength(coupling) * sum,
    mean: (field) => Math.tanh(beta * field),
  };
}

function concatenated(parts: readonly Float64Array[]): Float64Array<ArrayBuffer> {
  const size = parts[0]?.length ?? 0;
  const all = new Float64Array(parts.length * size);
  parts.forEach((part, n) => {
    all.set(part, n * size);
  });
  return all;
}
