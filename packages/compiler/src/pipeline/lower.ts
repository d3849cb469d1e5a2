/** The passes of the compiler, in order. */
import type { Program, ProgramJson } from '@isinglass/sdk';
import { colorBlockPass } from '../color/color-block-pass.ts';
import { emitPass, type ProgramDraft } from '../emit/emit-pass.ts';
import { verifyPass } from '../emit/verify-pass.ts';
import { foldPass } from '../fold/fold-pass.ts';
import type { ImportedModel } from '../model/block-model.ts';
import type { CompileSettings } from '../options/compile-options.ts';
import { dropZerosPass } from '../quantize/drop-zeros-pass.ts';
import { type BoundsOfBlocks, fixedLawPass } from '../quantize/fixed-law-pass.ts';
import { quantizePass } from '../quantize/quantize-pass.ts';
import { scaleDeltaPass } from '../schedule/scale-delta-pass.ts';
import { schedulePass } from '../schedule/schedule-pass.ts';
import type { PassRunner } from './pass.ts';
import { stagedModel } from './staged-model.ts';

/** The end of the passes: the program, and what the report needs of the way there. */
export interface LoweredModel {
  readonly program: Program;
  readonly draft: ProgramDraft;
  /** Empty under the real law. */
  readonly bounds: BoundsOfBlocks;
}

/** What the passes need to know. */
export interface LoweringOptions {
  readonly name: string;
  readonly provenance: ProgramJson['provenance'];
  readonly settings: CompileSettings;
}

/** From the imported model to a verified program. */
export async function lower(model: ImportedModel, o: LoweringOptions, runner: PassRunner): Promise<LoweredModel> {
  const { law, weightBits, fractionBits, delta, schedules } = o.settings;
  const fixed = law === 'fixed' ? { weightBits, fractionBits } : null;

  const folded = await runner.run(foldPass, stagedModel(model));
  const gained = await runner.run(scaleDeltaPass(delta), folded);
  const rounded = await runner.run(quantizePass(fixed?.weightBits ?? null), gained);
  const trimmed = await runner.run(dropZerosPass, rounded);
  const colored = await runner.run(colorBlockPass, trimmed);
  const scheduled = await runner.run(schedulePass(schedules), colored);
  const draft = await runner.run(emitPass({ name: o.name, provenance: o.provenance, fixed }), scheduled);
  const bounds = fixed === null ? [] : await runner.run(fixedLawPass, draft);
  const program = await runner.run(verifyPass, draft);

  return { program, draft, bounds };
}
