/** What is lawful in a program and yet probably not meant. */
import type { Diagnostic } from '../errors/isinglass-error.ts';
import { scaled } from '../law/multiplier.ts';
import type { Program } from './program.ts';
import type { Block } from './program-json.ts';
import { checkBlockFacts } from './verify/block-facts.ts';
import type { ProgramContext } from './verify/context.ts';
import { magnitudeSumMax } from './verify/coupling-maxima.ts';
import { checkCouplings } from './verify/couplings.ts';
import { checkFixedCoupling } from './verify/fixed-law.ts';
import { TensorTable } from './verify/tensor-table.ts';
import { ViolationList } from './violation.ts';

/**
 * Warnings of a verified program, in the order of the program: `gain-above-1` for a δ above 1 (P133; the paper's
 * temperature gradient is at most 1) and `inert-coupling` for a coupling too weak for the fixed law to feel, since
 * scaled(Σ|w|) is 0 for every spin (semantics 4.3).
 */
export function programWarnings(program: Program): readonly Diagnostic[] {
  return program.json.stages.flatMap((stage, n) =>
    stage.kind === 'block' ? [...blockWarnings(program, stage, `stages[${n}]`)] : [],
  );
}

function* blockWarnings(program: Program, block: Block, where: string): Iterable<Diagnostic> {
  for (const [n, gain] of block.gains.entries()) {
    if (gain.value <= 1) continue;
    const message = `gain ${gain.id} is ${gain.value}; a temperature gradient is above 0 and at most 1`;
    yield { code: 'gain-above-1', severity: 'warning', where: `${where}.gains[${n}].value`, message };
  }
  if (program.json.law.kind === 'real') return;
  // The verifier's own reading of the block: the program is verified, so nothing is found.
  const found = new ViolationList();
  const context: ProgramContext = { law: 'fixed', tensors: new TensorTable(program.tensors, found), found };
  const facts = checkBlockFacts(block, where, context);
  for (const coupling of checkCouplings(facts, context)) {
    const scaledCoupling = checkFixedCoupling(coupling, facts, context);
    const sum = Math.max(magnitudeSumMax(coupling, 'from'), magnitudeSumMax(coupling, 'to'));
    if (scaledCoupling === undefined || scaled(sum, scaledCoupling.multiplier) !== 0) continue;
    const message = `coupling ${coupling.coupling.id} is too weak for ${block.fixed?.fractionBits} fraction bits: it acts on no spin`;
    yield { code: 'inert-coupling', severity: 'warning', where: coupling.where, message };
  }
}
