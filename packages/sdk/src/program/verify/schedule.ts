/** P151: sweeps, what is retained of them, and β. */
import type { BetaStep } from '../program-json.ts';
import type { ViolationList } from '../violation.ts';
import type { ProgramContext } from './context.ts';
import type { DraftBlock } from './draft-program.ts';

export function checkSchedule(block: DraftBlock, where: string, program: ProgramContext): void {
  const { found } = program;
  const at = `${where}.schedule`;
  const { sweeps, burnIn, stride, chains } = block.schedule;
  const refuse = (key: string, message: string) => found.add('P151', `${at}.${key}`, message);
  if (sweeps < 1) refuse('sweeps', `${sweeps} sweeps; at least 1`);
  if (burnIn < 0) refuse('burnIn', `burnIn is ${burnIn}; at least 0`);
  if (stride < 1) refuse('stride', `stride is ${stride}; at least 1`);
  if (chains < 1) refuse('chains', `${chains} chains; at least 1`);
  if (sweeps >= 1 && burnIn >= 0) {
    if (burnIn >= sweeps) refuse('burnIn', `burnIn ${burnIn} leaves nothing of ${sweeps} sweeps`);
    else if (burnIn + stride > sweeps) {
      refuse('stride', `the first retained sweep would be ${burnIn + stride} of ${sweeps}: nothing is retained`);
    }
  }
  checkBeta(block, where, program);
}

function checkBeta(block: DraftBlock, where: string, { found, law }: ProgramContext): void {
  const at = `${where}.schedule.beta`;
  const { beta } = block.schedule;
  if (typeof beta !== 'number' && !checkSteps(beta, at, found)) return;
  const largest = typeof beta === 'number' ? beta : beta.reduce((most, step) => Math.max(most, step.beta), 0);
  if (law === 'real') {
    if (!(largest > 0)) found.add('P151', at, `the largest β is ${largest}; it must be above 0`);
    return;
  }
  if (block.fixed === undefined) return;
  const reference = block.fixed.beta;
  if (!(reference > 0)) found.add('P151', `${where}.fixed.beta`, `the reference β is ${reference}; it must be above 0`);
  else if (largest !== reference) found.add('P151', at, `the largest β is ${largest}, fixed.beta is ${reference}`);
}

/** Whether the list has a largest β that can be compared. */
function checkSteps(steps: readonly BetaStep[], at: string, found: ViolationList): boolean {
  if (steps.length === 0) {
    found.add('P151', at, 'the list of β is empty');
    return false;
  }
  let before = 0;
  steps.forEach(({ sweep, beta }, n) => {
    const place = `${at}[${n}]`;
    if (n === 0 && sweep !== 1) found.add('P151', `${place}.sweep`, `the list starts at sweep ${sweep}, not 1`);
    if (n > 0 && sweep <= before) found.add('P151', `${place}.sweep`, `sweep ${sweep} does not rise above ${before}`);
    if (!(beta >= 0)) found.add('P151', `${place}.beta`, `β is ${beta}; at least 0`);
    before = sweep;
  });
  return true;
}
