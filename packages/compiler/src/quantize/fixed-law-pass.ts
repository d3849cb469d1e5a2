import { blocksOfProgram, type ProgramDraft } from '../emit/emit-pass.ts';
import type { Pass } from '../pipeline/pass.ts';
import { blocksOf } from '../pipeline/staged-model.ts';
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
      for (const diagnostic of result.diagnostics) {
        context.report({ ...diagnostic, related: nodesOf(draft, diagnostic.where) });
      }
      bounds.push(result.bounds);
    }
    return bounds;
  },
};

/** The ONNX nodes whose numbers are in the coupling at a place such as `block1.k2`. */
function nodesOf(draft: ProgramDraft, where: string | undefined): readonly string[] {
  for (const block of blocksOf(draft.model)) {
    const coupling = block.couplings.find(({ id }) => `${block.model.id}.${id}` === where);
    if (coupling !== undefined) return coupling.nodes;
  }
  return [];
}
