import { expect, test } from 'vitest';
import { couplingView } from '../couplings/coupling-view.ts';
import type { Block } from '../program/program-json.ts';
import { randomProgram } from '../testing/random-program.ts';
import { sumBound } from './sum-bound.ts';

test("the bound is at least every spin's Σ|w|, and equal to the largest but for convolutions", () => {
  let checked = 0;
  for (let seed = 0; seed < 100; seed++) {
    const program = randomProgram({ seed });
    for (const block of program.json.stages.filter((stage): stage is Block => stage.kind === 'block')) {
      for (const coupling of block.couplings) {
        const view = couplingView(coupling, block, program.tensors);
        const exact = Math.max(0, ...view.absoluteSums('from'), ...view.absoluteSums('to'));
        const bound = sumBound(program.tensors, coupling);
        if (coupling.form.kind === 'conv') expect(bound).toBeGreaterThanOrEqual(exact);
        else
          expect({ seed, form: coupling.form.kind, bound }).toEqual({ seed, form: coupling.form.kind, bound: exact });
        checked++;
      }
    }
  }
  expect(checked).toBeGreaterThan(200);
});
