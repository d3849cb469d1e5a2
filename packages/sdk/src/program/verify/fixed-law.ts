/** P131, P132: that the fixed law's integers stay where semantics 4 puts them. */
import { multiplier } from '../../law/multiplier.ts';
import type { FixedPoint } from '../program-json.ts';
import type { BlockFacts, CouplingFacts, ProgramContext, ScaledCoupling } from './context.ts';
import { magnitudeSumMax } from './coupling-maxima.ts';
import type { DraftBlock } from './draft-program.ts';

/** Σ|w| of a spin in one coupling, at most: keeps A·M exact and within 32 bits (semantics 4.1, 4.3). */
export const magnitudeSumLimit = 2 ** 21 - 1;

/** `fixed` and `scale` exist exactly under the fixed law. Returns the fixed-point form when it can be computed with. */
export function checkFixedForm(block: DraftBlock, where: string, program: ProgramContext): FixedPoint | undefined {
  const { law, found } = program;
  const { fixed } = block;
  if (law === 'real' && fixed !== undefined)
    found.add('P131', `${where}.fixed`, 'the real law has no fixed-point form');
  if (law === 'fixed' && fixed === undefined) found.add('P131', `${where}.fixed`, 'missing under the fixed law');
  block.couplings.forEach(({ scale }, n) => {
    const place = `${where}.couplings[${n}].scale`;
    if (law === 'real' && scale !== undefined) found.add('P131', place, 'the real law has no scale');
    if (law === 'fixed' && scale === undefined) found.add('P131', place, 'missing under the fixed law');
    if (law === 'fixed' && scale !== undefined && !(scale > 0)) {
      found.add('P131', place, `the scale is ${scale}; it must be above 0`);
    }
  });
  if (law === 'real' || fixed === undefined) return undefined;
  const { fractionBits, beta } = fixed;
  const inRange = fractionBits >= 4 && fractionBits <= 12;
  if (!inRange) found.add('P132', `${where}.fixed.fractionBits`, `fractionBits ${fractionBits} is outside 4 … 12`);
  return inRange && beta > 0 ? fixed : undefined;
}

/** Weights and multiplier of one coupling; the coupling with its multiplier when all is in range. */
export function checkFixedCoupling(
  coupling: CouplingFacts,
  { fixed }: BlockFacts,
  { found, tensors }: ProgramContext,
): ScaledCoupling | undefined {
  const { minus128 } = tensors.scan(coupling.weights);
  const { weightsWhere } = coupling;
  if (minus128 >= 0) found.add('P131', weightsWhere, `element ${minus128} is -128; weights are at least -127`);
  const sum = largestSum(coupling);
  const sumFits = sum.value <= magnitudeSumLimit;
  if (!sumFits) {
    const spin = `Σ|w| of a spin of ${sum.bank} is ${sum.value}`;
    found.add('P131', weightsWhere, `${spin}; at most ${magnitudeSumLimit}`);
  }
  const { scale } = coupling.coupling;
  if (fixed === undefined || coupling.gain === undefined || scale === undefined || !(scale > 0)) return undefined;
  const { beta, fractionBits } = fixed;
  const result = multiplier({ beta, gain: coupling.gain, scale, fractionBits });
  if ('shiftOutOfRange' in result) {
    const product = `β·gain·scale·2^k = ${beta}·${coupling.gain}·${scale}·2^${fractionBits}`;
    found.add(
      'P132',
      `${coupling.where}.scale`,
      `${product} needs the shift ${result.shiftOutOfRange}, outside 0 … 40`,
    );
    return undefined;
  }
  return sumFits && minus128 < 0 ? { facts: coupling, multiplier: result } : undefined;
}

/** Over the free spins of both ends: pinned spins have no field (semantics 1.8). */
function largestSum(coupling: CouplingFacts): { readonly bank: string; readonly value: number } {
  const sums = (['to', 'from'] as const)
    .filter((side) => coupling[side].bank.role === 'free')
    .map((side) => ({ bank: coupling[side].bank.id, value: magnitudeSumMax(coupling, side) }));
  return sums.reduce((most, sum) => (sum.value > most.value ? sum : most), { bank: '', value: 0 });
}
