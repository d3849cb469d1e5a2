/** The update law of the fixed law in BigInt, coupling by coupling from the pairs of a block: what `blockLaw` is tested against. Slow. */
import type { Program } from '@isinglass/sdk';
import { activationTable } from './activation.ts';
import { blockConstants } from './block-constants.ts';
import type { BlockLawOptions } from './block-law.ts';
import { blockStructure } from './block-structure.ts';
import { type Multiplier, scaledExact, temperedExact } from './multiplier.ts';

/** As `up` of BlockLaw. */
export function exactUp(
  program: Program,
  { block, gains = {} }: BlockLawOptions,
): (spin: number, states: ArrayLike<number>, b: number) => number {
  const structure = blockStructure(program, block);
  const { B, multipliers, fractionBits } = blockConstants(structure, gains);
  const table = activationTable(fractionBits);
  const limit = BigInt(8 * 2 ** fractionBits);
  return (spin, states, b) => {
    let u = BigInt(B[spin] as number);
    for (const [n, { pairs }] of structure.couplings.entries()) {
      let A = 0n;
      for (const pair of pairs) {
        if (pair.a === spin) A += BigInt(pair.w) * BigInt(states[pair.b] as number);
        if (pair.b === spin) A += BigInt(pair.w) * BigInt(states[pair.a] as number);
      }
      u += scaledExact(A, multipliers[n] as Multiplier);
    }
    u = temperedExact(u, b);
    const j = u > limit ? limit : u < -limit ? -limit : u;
    return table[Number(j + limit)] as number;
  };
}
