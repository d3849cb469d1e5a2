/** The real law, spin by spin (semantics 1.3, 7): floating point, J = gain · scale · w. */
import { biasValues } from '../couplings/bias-values.ts';
import { gainsOfRun } from '../law/fixed-block.ts';
import { fullTemperature, referenceBeta } from '../law/temperature.ts';
import { spinCountOf } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Block, Coupling } from '../program/program-json.ts';
import { freeBanks } from './check-run.ts';
import { type SpinTerm, termSum } from './spin-graph.ts';
import type { UpdateLaw } from './update-law.ts';

/** Draws r are 16 bits: 0 … 65535. */
const drawCount = 65536;

/**
 * Takes programs of either law: under the fixed law it is what the integers approximate (weights J = scale · w, no
 * other rounding). `beta` defaults to the block's reference β.
 */
export function realLaw(
  program: Pick<Program, 'tensors'>,
  block: Block,
  gains: Readonly<Record<string, number>>,
  beta: number = blockBeta(block),
): UpdateLaw {
  const strength = couplingStrengths(block, gains);
  const biases = realBiases(program, block, gains);
  const weightedSum = (terms: readonly SpinTerm[], state: Int8Array) =>
    terms.reduce((sum, term) => sum + strength(term.coupling) * termSum(term, state), 0);
  return {
    // 1.3:  f_i = h_i + Σ_j J_ij s_j, the pinned part once
    staticField: (spin, state) =>
      (biases.get(spin.bank)?.[spin.index] as number) + weightedSum(spin.pinnedTerms, state),
    field: (spin, staticField, state) => staticField + weightedSum(spin.freeTerms, state),
    // 7:  the number of r with (r + 0.5) / 65536 < σ(2 β_t f), β_t = β·b/65536
    plusDraws(field, b) {
      const sigma = 1 / (1 + Math.exp(-2 * beta * (b / fullTemperature) * field));
      return Math.max(0, Math.ceil(drawCount * sigma - 0.5));
    },
  };
}

/** The reference β of a block: what b_t = 65536 stands for (semantics 4.5). */
export function blockBeta(block: Block): number {
  return block.fixed?.beta ?? referenceBeta(block.schedule);
}

/** gain · scale of every coupling: J = this · stored weight. */
export function couplingStrengths(
  block: Block,
  gains: Readonly<Record<string, number>>,
): (coupling: Coupling) => number {
  const values = gainsOfRun(block, gains);
  return (coupling) => (values.get(coupling.gain) as number) * (coupling.scale ?? 1);
}

/** Σ gain · h over the biases of every free bank, one number per spin. */
export function realBiases(
  program: Pick<Program, 'tensors'>,
  block: Block,
  gains: Readonly<Record<string, number>>,
): ReadonlyMap<string, Float64Array> {
  const values = gainsOfRun(block, gains);
  return new Map(
    freeBanks(block).map((bank) => {
      const sum = new Float64Array(spinCountOf(bank));
      for (const bias of block.biases.filter((candidate) => candidate.bank === bank.id)) {
        const gain = values.get(bias.gain) as number;
        biasValues(bias, bank, program.tensors).forEach((h, i) => {
          sum[i] = (sum[i] as number) + gain * h;
        });
      }
      return [bank.id, sum];
    }),
  );
}
