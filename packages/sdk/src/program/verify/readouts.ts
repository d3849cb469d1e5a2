/** P142: what is read from a block. */
import { observables } from '../program-json.ts';
import type { ViolationList } from '../violation.ts';
import type { BankFacts } from './context.ts';
import type { DraftBlock } from './draft-program.ts';

export function checkReadouts(
  block: DraftBlock,
  where: string,
  banks: ReadonlyMap<string, BankFacts>,
  found: ViolationList,
): void {
  if (block.readouts.length === 0) found.add('P142', `${where}.readouts`, 'a block has at least one readout');
  block.readouts.forEach((readout, n) => {
    const refuse = (key: string, message: string) => found.add('P142', `${where}.readouts[${n}].${key}`, message);
    const role = banks.get(readout.bank)?.bank.role;
    if (role === undefined) refuse('bank', `the block has no bank ${JSON.stringify(readout.bank)}`);
    if (role === 'pinned') refuse('bank', `bank ${readout.bank} is pinned; only free banks are read`);
    if (!observables.some((name) => name === readout.observable)) {
      refuse('observable', `${JSON.stringify(readout.observable)} is none of ${observables.join(', ')}`);
    }
    if (readout.tie !== 1 && readout.tie !== -1) refuse('tie', `tie is ${readout.tie}; 1 or -1`);
    if (readout.observable === 'state' && readout.signs !== undefined) refuse('signs', 'a state readout has no signs');
  });
}
