import { createProgram, type Program } from '@isinglass/sdk';
import type { Pass } from '../pipeline/pass.ts';
import type { ProgramDraft } from './emit-pass.ts';

/** The verified program: proves every invariant of semantics section 9, also those that passes promise. */
export const verifyPass: Pass<ProgramDraft, Program> = {
  name: 'verify',
  version: '1',
  run: (draft) => createProgram(draft.json, draft.tensors),
};
