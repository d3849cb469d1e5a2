import type { ControlDraft } from './control-draft.ts';

const block = 'stages[0]';

/** The dense control's program with float32 weights. */
export function asReal(draft: ControlDraft): ControlDraft {
  for (const [name, { dtype, shape, data }] of draft.tensors) {
    if (dtype === 'I8') draft.tensor(name, 'F32', shape, Float32Array.from(data as Int8Array));
  }
  for (const n of [0, 1, 2]) draft.drop(`${block}.couplings[${n}].scale`);
  return draft.drop(`${block}.fixed`).set('law.kind', 'real').set('features', ['dense', 'diagonal', 'real']);
}
