/**
 * The suite's own law of a block (semantics 4 and 7), from nothing but the program's JSON and tensors.
 *
 *   fixed:  u_i = B_i + Σ_couplings scaled(Σ_j w_ij s_j), tempered, clamped       P(s_i = +1) = T[u_i] / 65536
 *   real:   f_i = Σ g·h_i + Σ_couplings g·Σ_j w_ij s_j                            P(s_i = +1) = #{r: (r + 0.5)/65536 < σ(2 β_t f_i)} / 65536
 */
import type { Program } from '@isinglass/sdk';
import { activationTable, plusDrawsOfReal } from './activation.ts';
import { blockConstants, realConstants } from './block-constants.ts';
import { type BlockStructure, blockStructure } from './block-structure.ts';
import { fullTemperature } from './multiplier.ts';
import { type NeighbourLists, neighbourLists } from './neighbour-lists.ts';

/** Exact update probabilities. Spins of all banks, pinned ones included, in declared order without padding. */
export interface BlockLaw {
  readonly banks: readonly {
    readonly id: string;
    readonly free: boolean;
    readonly first: number;
    readonly spins: number;
  }[];
  /** Free spins by color, in the order of a sweep. */
  readonly colors: readonly (readonly number[])[];
  /** P(s_i = +1) as a numerator over 65536 when spin i is updated in this state (±1 of all spins), at temperature b = 0 … 65536. */
  up(spin: number, states: ArrayLike<number>, b?: number): number;
  /** The spins that `up` reads for this one; a spin that two couplings join appears twice. */
  neighbours(spin: number): Int32Array;
}

export interface BlockLawOptions {
  /** Block.index */
  readonly block: number;
  /** Gains that differ from the program's. */
  readonly gains?: Readonly<Record<string, number>>;
}

/** Throws RangeError when the program has no such block, InvalidRequestError when the gains break the fixed law (semantics 4.3, 4.5). */
export function blockLaw(program: Program, { block, gains = {} }: BlockLawOptions): BlockLaw {
  const structure = blockStructure(program, block);
  const { banks, colors } = structure;
  const lists = neighbourLists(structure);
  const up = program.json.law.kind === 'fixed' ? fixedUp(structure, lists, gains) : realUp(structure, lists, gains);
  const { termStart, linkStart, neighbour } = lists;
  const linkOf = (term: number | undefined): number => linkStart[term as number] as number;
  return {
    banks,
    colors,
    up,
    neighbours: (spin) => neighbour.subarray(linkOf(termStart[spin]), linkOf(termStart[spin + 1])),
  };
}

type Gains = Readonly<Record<string, number>>;

function fixedUp(structure: BlockStructure, lists: NeighbourLists, gains: Gains): BlockLaw['up'] {
  const { termStart, linkStart, neighbour, weight } = lists;
  const { B, multipliers, fractionBits } = blockConstants(structure, gains);
  const ofTerm = Array.from(lists.coupling, (n) => multipliers[n] as (typeof multipliers)[number]);
  const M = Float64Array.from(ofTerm, (multiplier) => multiplier.M);
  const half = Float64Array.from(ofTerm, ({ sh }) => (sh === 0 ? 0 : 2 ** (sh - 1)));
  const divisor = Float64Array.from(ofTerm, ({ sh }) => 2 ** sh);
  const table = activationTable(fractionBits);
  const limit = (table.length - 1) / 2;
  return (spin, states, b = fullTemperature) => {
    let u = B[spin] as number;
    const last = termStart[spin + 1] as number;
    for (let t = termStart[spin] as number; t < last; t++) {
      let A = 0;
      const end = linkStart[t + 1] as number;
      for (let n = linkStart[t] as number; n < end; n++) {
        A += (weight[n] as number) * (states[neighbour[n] as number] as number);
      }
      u += Math.floor((A * (M[t] as number) + (half[t] as number)) / (divisor[t] as number));
    }
    if (b !== fullTemperature) u = Math.floor((u * b + 32768) / 65536);
    return table[Math.max(-limit, Math.min(limit, u)) + limit] as number;
  };
}

function realUp(structure: BlockStructure, lists: NeighbourLists, gains: Gains): BlockLaw['up'] {
  const { termStart, linkStart, neighbour, weight } = lists;
  const { h, strengths, beta } = realConstants(structure, gains);
  const strength = Float64Array.from(lists.coupling, (n) => strengths[n] as number);
  return (spin, states, b = fullTemperature) => {
    let f = h[spin] as number;
    const last = termStart[spin + 1] as number;
    for (let t = termStart[spin] as number; t < last; t++) {
      let A = 0;
      const end = linkStart[t + 1] as number;
      for (let n = linkStart[t] as number; n < end; n++) {
        A += (weight[n] as number) * (states[neighbour[n] as number] as number);
      }
      f += (strength[t] as number) * A;
    }
    return plusDrawsOfReal((beta * b * f) / fullTemperature);
  };
}
