import { expect, test } from 'vitest';
import { ControlDraft } from '../../test/support/control-draft.ts';
import { createProgram } from './create-program.ts';
import type { ProgramJson } from './program-json.ts';
import { programWarnings } from './program-warnings.ts';

function warnings(draft: ControlDraft): readonly string[] {
  const program = createProgram(draft.json as unknown as ProgramJson, draft.tensors);
  return programWarnings(program).map(({ code, where, severity }) => `${severity} ${code} at ${where}`);
}

test('a gain above 1 is lawful and warned of; 1 is not', () => {
  expect(warnings(new ControlDraft('dense'))).toEqual([]);
  const above = new ControlDraft('dense').set('stages[0].gains[1].value', 1 + 2 ** -52);
  expect(warnings(above)).toEqual(['warning gain-above-1 at stages[0].gains[1].value']);
});

test('a coupling is inert when scaled(Σ|w|) is 0 for every spin: at half a unit of field it is not', () => {
  // The diagonal d: its largest |w| is what one spin sees. β = gain = 1, k = 9: scaled(A) = round(A·scale·512).
  const inert = (product: number) => {
    const draft = new ControlDraft('dense');
    draft.tensor('d.value', 'I8', [6], Int8Array.of(1, -2, 0, 4, -4, 3));
    return warnings(draft.set('stages[0].couplings[2].scale', product / 4 / 512));
  };
  expect(inert(0.49)).toEqual(['warning inert-coupling at stages[0].couplings[2]']);
  expect(inert(0.5)).toEqual([]);
});

test('the real law has no inert couplings', () => {
  expect(warnings(new ControlDraft('real'))).toEqual([]);
});
