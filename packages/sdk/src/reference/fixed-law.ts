/** The fixed law, spin by spin (semantics 4): integers in float64, every operation exact. */
import { activation, activationTable } from '../law/activation-table.ts';
import { type FixedBlock, fixedBlock } from '../law/fixed-block.ts';
import { type Multiplier, scaled } from '../law/multiplier.ts';
import { temper } from '../law/temperature.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { type FreeSpin, type SpinTerm, termSum } from './spin-graph.ts';
import type { UpdateLaw } from './update-law.ts';

/** Throws InvalidRequestError when the block cannot run with these gains (P132). */
export function fixedLaw(
  program: Pick<Program, 'tensors'>,
  block: Block,
  gains: Readonly<Record<string, number>>,
): UpdateLaw {
  const constants = fixedBlock(program, block, gains);
  const table = activationTable(constants.fractionBits);
  const scaledSum = (terms: readonly SpinTerm[], state: Int8Array) =>
    terms.reduce((sum, term) => sum + scaled(termSum(term, state), multiplierOf(constants, term)), 0);
  return {
    // 4.4:  H_i = B_i + Σ_pinned scaled(A_i)
    staticField: (spin, state) => biasOf(constants, spin) + scaledSum(spin.pinnedTerms, state),
    // 4.5:  u_i = H_i + Σ_free scaled(A_i)
    field: (spin, staticField, state) => staticField + scaledSum(spin.freeTerms, state),
    // 4.5, 4.6:  n = T[clamp(⌊(u·b + 32768) / 65536⌋)]
    plusDraws: (field, b) => activation(table, constants.fractionBits, temper(field, b)),
  };
}

function biasOf(constants: FixedBlock, spin: FreeSpin): number {
  return constants.biases.get(spin.bank)?.[spin.index] as number;
}

function multiplierOf(constants: FixedBlock, term: SpinTerm): Multiplier {
  return constants.multipliers.get(term.coupling.id) as Multiplier;
}
