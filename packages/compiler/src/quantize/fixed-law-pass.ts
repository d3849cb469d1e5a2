import { blocksOfProgram, type ProgramDraft } from '../emit/emit-pass.ts';
import type { Pass } from '../pipeline/pass.ts';
import { type FieldBounds, fixedLawLimits } from './fixed-law-limits.ts';

/** Field bounds per block, in program order. */
export type BoundsOfBlocks = readonly (readonly FieldBounds[])[];

/** Checks the bounds of the fixed law in every block. */
export const fixedLawPass: Pass<ProgramDraft, BoundsOfBlocks> = {
  name: 'check-fixed-law',
  version: '1',
  async run(draft, context) {
    const bounds: (readonly FieldBounds[])[] = [];
    for (const block of blocksOfProgram(draft.json)) {
      await context.pause();
      const result = fixedLawLimits(block, draft.tensors);
      for (const diagnostic of result.diagnostics) context.report(diagnostic);
      bounds.push(result.bounds);
    }
    return bounds;
  },
};
