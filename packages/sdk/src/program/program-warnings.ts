/** What is lawful in a program and yet probably not meant. */
import { couplingView } from '../couplings/coupling-view.ts';
import type { Diagnostic } from '../errors/isinglass-error.ts';
import { multiplier, scaled } from '../law/multiplier.ts';
import type { Program } from './program.ts';
import type { Block, Coupling } from './program-json.ts';

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
  for (const [n, coupling] of block.couplings.entries()) {
    if (!isInert(program, block, coupling)) continue;
    const message = `coupling ${coupling.id} is too weak for ${block.fixed?.fractionBits} fraction bits: it acts on no spin`;
    yield { code: 'inert-coupling', severity: 'warning', where: `${where}.couplings[${n}]`, message };
  }
}

function isInert(program: Program, block: Block, coupling: Coupling): boolean {
  const { fixed } = block;
  const gain = block.gains.find(({ id }) => id === coupling.gain)?.value;
  if (fixed === undefined || coupling.scale === undefined || gain === undefined) return false;
  const factors = multiplier({ ...fixed, gain, scale: coupling.scale });
  if ('shiftOutOfRange' in factors) return false;
  const view = couplingView(coupling, block, program.tensors);
  const most = (['from', 'to'] as const).map((side) => view.absoluteSums(side).reduce((a, b) => Math.max(a, b), 0));
  return scaled(Math.max(...most), factors) === 0;
}
