/** What the gains of a run make of a block: multipliers and biases (semantics 4.3, 4.4), or the strengths of the real law (7). */
import { type Block, InvalidRequestError } from '@isinglass/sdk';
import { type BlockStructure, gainValues } from './block-structure.ts';
import { biasUnits, type Multiplier, multiplierOf, scaled } from './multiplier.ts';

type Gains = Readonly<Record<string, number>>;

/** Of the fixed law. */
export interface BlockConstants {
  /** k */
  readonly fractionBits: number;
  /** By number of the coupling. */
  readonly multipliers: readonly Multiplier[];
  /** Sum of the biases of every spin, each rounded on its own; 0 for pinned spins, whose biases are inert. */
  readonly B: Float64Array;
  /** Σ_biases |B_i| + Σ_couplings scaled(Σ_j |w_ij|), the largest over the free spins (semantics 4.5). */
  readonly fieldBound: number;
}

/** Fields must stay below this (semantics 4.5). */
export const fieldLimit = 2 ** 26;

/** Throws InvalidRequestError where the block has no fixed law, a shift lies outside 0 … 40 or a field may reach 2²⁶. */
export function blockConstants(structure: BlockStructure, gains: Gains): BlockConstants {
  const { block, spins, couplings, biases } = structure;
  if (block.fixed === undefined) throw new InvalidRequestError(`block ${block.id} has no fixed law`);
  const { fractionBits, beta } = block.fixed;
  const values = gainValues(block, gains);
  const multipliers = couplings.map(({ coupling }) => {
    const gain = values.get(coupling.gain) as number;
    const found = multiplierOf({ beta, gain, scale: coupling.scale as number, fractionBits });
    if (found === undefined)
      throw new InvalidRequestError(`the multiplier of coupling ${coupling.id} needs a shift outside 0 … 40`);
    return found;
  });
  const B = new Float64Array(spins);
  const bound = new Float64Array(spins);
  for (const { gain, first, h } of biases) {
    for (const [n, value] of h.entries()) {
      const units = biasUnits(value, { beta, gain: values.get(gain) as number, fractionBits });
      B[first + n] = (B[first + n] as number) + units;
      bound[first + n] = (bound[first + n] as number) + Math.abs(units);
    }
  }
  for (const [n, { pairs }] of couplings.entries()) {
    const sums = new Float64Array(spins);
    for (const { a, b, w } of pairs) {
      sums[a] = (sums[a] as number) + Math.abs(w);
      sums[b] = (sums[b] as number) + Math.abs(w);
    }
    for (const [spin, sum] of sums.entries()) {
      bound[spin] = (bound[spin] as number) + scaled(sum, multipliers[n] as Multiplier);
    }
  }
  let fieldBound = 0;
  for (const { free, first, spins: count } of structure.banks) {
    for (let n = first; n < first + count; n++) {
      if (free) fieldBound = Math.max(fieldBound, bound[n] as number);
      else B[n] = 0;
    }
  }
  if (!(fieldBound < fieldLimit)) throw new InvalidRequestError(`a field may reach ${fieldBound}, not below 2^26`);
  return { fractionBits, multipliers, B, fieldBound };
}

/** Of the real law. */
export interface RealConstants {
  /** The reference β: the largest of the schedule. */
  readonly beta: number;
  /** Gain of every coupling, by number. */
  readonly strengths: readonly number[];
  /** Σ g·h of every spin. */
  readonly h: Float64Array;
}

/** Takes programs of the real law. */
export function realConstants({ block, spins, couplings, biases }: BlockStructure, gains: Gains): RealConstants {
  const values = gainValues(block, gains);
  const h = new Float64Array(spins);
  for (const { gain, first, h: terms } of biases) {
    for (const [n, value] of terms.entries()) {
      h[first + n] = (h[first + n] as number) + (values.get(gain) as number) * value;
    }
  }
  return {
    beta: referenceBeta(block),
    strengths: couplings.map(({ coupling }) => values.get(coupling.gain) as number),
    h,
  };
}

/** β at b = 65536 (semantics 4.5). */
export function referenceBeta({ schedule, fixed }: Block): number {
  if (fixed !== undefined) return fixed.beta;
  return typeof schedule.beta === 'number' ? schedule.beta : Math.max(...schedule.beta.map(({ beta }) => beta));
}

/** b_t of sweeps 1 … `sweeps` as the program's schedule says: ⌊65536·β_t/β + 0.5⌋. */
export function scheduledTemperatures(block: Block, sweeps: number): number[] {
  const steps = typeof block.schedule.beta === 'number' ? [] : block.schedule.beta;
  const reference = referenceBeta(block);
  return Array.from({ length: sweeps }, (_, n) => {
    const step = steps.filter(({ sweep }) => sweep <= n + 1).at(-1);
    return step === undefined ? 65536 : Math.floor((65536 * step.beta) / reference + 0.5);
  });
}
