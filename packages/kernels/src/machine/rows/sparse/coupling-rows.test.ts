import { type Block, couplingView, type Side } from '@isinglass/sdk';
import { randomProgram } from '@isinglass/sdk/testing';
import { expect, it } from 'vitest';
import { couplingRows } from './coupling-rows.ts';
import { drained } from './fixtures/drained.ts';

it('rows are the neighbours that the sdk lists, stored zeros left out, on both sides', () => {
  let couplings = 0;
  let withinOneBank = 0;
  for (let seed = 0; seed < 80; seed++) {
    const program = randomProgram({ seed, forms: ['sparse', 'diagonal'] });
    const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;
    for (const coupling of block.couplings) {
      couplings++;
      if (coupling.from === coupling.to) withinOneBank++;
      const view = couplingView(coupling, block, program.tensors);
      const bank = (id: string) => block.banks.find((candidate) => candidate.id === id) as Block['banks'][number];
      const banks = { from: bank(coupling.from), to: bank(coupling.to) };
      for (const side of ['to', 'from'] satisfies Side[]) {
        const rows = drained(couplingRows(program, coupling, side, banks));
        const count = side === 'to' ? view.toCount : view.fromCount;
        expect(rows.start).toHaveLength(count + 1);
        for (let spin = 0; spin < count; spin++) {
          const [begin, end] = [rows.start[spin] as number, rows.start[spin + 1] as number];
          const found = Array.from({ length: end - begin }, (_, n) => [rows.spin[begin + n], rows.weight[begin + n]]);
          expect(found).toEqual([...view.neighbours(side, spin)].filter(([, weight]) => weight !== 0));
        }
      }
    }
  }
  expect(couplings).toBeGreaterThan(100);
  expect(withinOneBank).toBeGreaterThan(10);
});
