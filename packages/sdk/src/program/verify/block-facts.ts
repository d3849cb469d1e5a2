import { checkBanks } from './banks.ts';
import type { BlockFacts, ProgramContext } from './context.ts';
import type { DraftBlock } from './draft-program.ts';
import { checkFixedForm } from './fixed-law.ts';
import { checkGains } from './gains.ts';

/** What the checks of couplings and biases start from: banks (P112, P113), gains (P133), the fixed-point form (P131, P132). */
export function checkBlockFacts(block: DraftBlock, where: string, program: ProgramContext): BlockFacts {
  const banks = checkBanks(block, where, program);
  const gains = checkGains(block, where, program.found);
  const fixed = checkFixedForm(block, where, program);
  return { block, where, banks, gains, fixed };
}
