/**
 * The constants of a block under the fixed law, for the gains of one run (semantics 4.3, 4.4), made in slices: what machines begin a run
 * with. `fixedBlock` makes the same at once, with the exact bound of every field.
 */
import { biasValues } from '../couplings/bias-values.ts';
import { blockLayout } from '../program/block-layout.ts';
import type { Program } from '../program/program.ts';
import type { Block } from '../program/program-json.ts';
import { biasUnits } from './bias-units.ts';
import { fieldLimit, fixedBlock, gainsOfRun } from './fixed-block.ts';
import { type Multiplier, multiplier, scaled } from './multiplier.ts';

/** What the fixed law needs of a block, beside its weights, for the gains of one run. */
export interface FixedConstants {
  readonly fractionBits: number;
  /** By coupling id; one (M, sh) serves both directions. */
  readonly multipliers: ReadonlyMap<string, Multiplier>;
  /** B of every spin, by id of the free bank. */
  readonly biases: ReadonlyMap<string, Int32Array>;
}

/** Spins handled between two yields. */
const spinsPerSlice = 2 ** 14;

/**
 * The constants, in slices: yields every 2¹⁴ spins. Throws InvalidRequestError when a multiplier or field leaves its range (P132). The bound Σ_c scaled(bound of Σ|w|) + largest Σ|B| is almost
 * always proof enough; only where it is not, the exact bound per spin decides. `sumBounds`: by coupling id, no spin's Σ|w| is larger.
 */
export function* fixedConstants(
  program: Program,
  block: Block,
  sumBounds: ReadonlyMap<string, number>,
  gains: Readonly<Record<string, number>>,
): Generator<void, FixedConstants, void> {
  const { fractionBits, beta } = block.fixed as NonNullable<typeof block.fixed>;
  const gainOf = gainsOfRun(block, gains);
  const multipliers = new Map<string, Multiplier>();
  let bound = 0;
  for (const { id, gain, scale = Number.NaN } of block.couplings) {
    const m = multiplier({ beta, gain: gainOf.get(gain) as number, scale, fractionBits });
    bound += 'M' in m ? scaled(sumBounds.get(id) as number, m) : Number.POSITIVE_INFINITY;
    if ('M' in m) multipliers.set(id, m);
  }
  const biases = new Map<string, Int32Array>();
  let largestBias = 0;
  for (const { bank, spinCount } of blockLayout(block)) {
    if (bank.role === 'pinned') continue;
    const B = new Int32Array(spinCount);
    const magnitude = new Float64Array(spinCount);
    for (const bias of block.biases) {
      if (bias.bank !== bank.id) continue;
      const factors = { beta, gain: gainOf.get(bias.gain) as number, fractionBits };
      const values = biasValues(bias, bank, program.tensors);
      for (let begin = 0; begin < spinCount; begin += spinsPerSlice) {
        const end = Math.min(spinCount, begin + spinsPerSlice);
        for (let spin = begin; spin < end; spin++) {
          const units = biasUnits(factors, values[spin] as number);
          B[spin] = (B[spin] as number) + units;
          magnitude[spin] = (magnitude[spin] as number) + Math.abs(units);
          largestBias = Math.max(largestBias, magnitude[spin] as number);
        }
        yield;
      }
    }
    biases.set(bank.id, B);
  }
  const proved = bound + largestBias < fieldLimit;
  return proved ? { fractionBits, multipliers, biases } : fixedBlock(program, block, gains);
}
