/** The Boltzmann law of a small block, state by state (semantics 1.2): P(s) ∝ exp(−β E(s)). */
import type { Program } from '../program/program.ts';
import { blockBeta, realLaw } from './real-law.ts';
import { blockWithIndex } from './reference-run.ts';
import { lawMeans, type StateRequest, smallBlock } from './small-block.ts';

export interface BlockEnumeration {
  /** The free spins that the bits of a state stand for, least significant first. */
  readonly spins: readonly { readonly bank: string; readonly index: number }[];
  /** P(s) of every state, 2^n of them. */
  readonly probabilities: Float64Array<ArrayBuffer>;
  /** ⟨s_i⟩ of every free spin. */
  readonly means: Float64Array<ArrayBuffer>;
}

/**
 * Exact enumeration, at most 20 free spins. `beta` defaults to the block's reference β. Takes programs of both laws (J
 * = scale · w).
 *
 * Raising spin i in a state where it is −1 changes the energy by −2 f_i, so every energy follows from one with fewer
 * spins up.
 */
export function enumerateBlock(
  program: Pick<Program, 'json' | 'tensors'>,
  blockIndex: number,
  o: StateRequest & { readonly beta?: number } = {},
): BlockEnumeration {
  const block = blockWithIndex(program, blockIndex);
  const beta = o.beta ?? blockBeta(block);
  const small = smallBlock(program, block, { ...o, law: realLaw(program, block, o.gains ?? {}), freeSpinsMax: 20 });
  const count = small.freeSpins.length;
  const energies = new Float64Array(2 ** count);
  for (let state = 0; state < energies.length; state++) {
    // Every state above is reached once: by raising a spin below its lowest one.
    for (let n = 0; n < count && ((state >>> n) & 1) === 0; n++) {
      energies[state | (1 << n)] = (energies[state] as number) - 2 * small.field(state, n);
    }
  }
  const lowest = energies.reduce((least, energy) => Math.min(least, energy));
  const weights = energies.map((energy) => Math.exp(-beta * (energy - lowest)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const probabilities = weights.map((weight) => weight / total);
  return {
    spins: small.freeSpins.map(({ bank, index }) => ({ bank, index })),
    probabilities,
    means: lawMeans(probabilities, count),
  };
}
