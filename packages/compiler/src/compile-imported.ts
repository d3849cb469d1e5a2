import { InvalidModelError, type Program } from '@isinglass/sdk';
import { requireFit } from './emit/require-fit.ts';
import type { ImportedModel } from './model/block-model.ts';
import { type CompileOptions, checkCompileOptions, compileSettings } from './options/compile-options.ts';
import { lower } from './pipeline/lower.ts';
import { PassRunner } from './pipeline/pass.ts';
import { buildReport } from './report/build-report.ts';
import type { CompileReport } from './report/compile-report.ts';
import { compilerVersion } from './version.ts';

/** A verified program, and what was done to get it. */
export interface CompileResult {
  readonly program: Program;
  readonly report: CompileReport;
}

/** The index of a block is one byte of the random number counter (semantics 5.1). */
const blocksMax = 256;

/**
 * Compiles a model that is imported already: everything after ONNX. For front ends of other formats, and for tests.
 *
 * `source` goes into the program's provenance. Options that concern the import (`input`, `binaryInputs`) have no effect.
 */
export async function compileImported(
  model: ImportedModel,
  options: CompileOptions = {},
  source: Readonly<Record<string, unknown>> = {},
): Promise<CompileResult> {
  checkCompileOptions(options);
  const runner = new PassRunner(options.signal);
  return compileWith(runner, model, options, source);
}

/** The same with passes that have run before: their records and findings come first in the report. */
export async function compileWith(
  runner: PassRunner,
  model: ImportedModel,
  options: CompileOptions,
  source: Readonly<Record<string, unknown>>,
): Promise<CompileResult> {
  const blockCount = model.stages.filter((stage) => stage.kind === 'block').length;
  if (blockCount > blocksMax) {
    throw new InvalidModelError(`the model has ${blockCount} thermodynamic blocks; a program has at most ${blocksMax}`);
  }
  const settings = compileSettings(options, blockCount);
  const { law, weightBits, fractionBits } = settings;
  const fixed = law === 'fixed';
  const provenance = {
    compiler: `@isinglass/compiler ${compilerVersion}`,
    producer: model.producer,
    opset: model.opset,
    ...source,
    options: statedOptions(options),
  };
  const lowered = await lower(model, { name: options.name ?? model.name, provenance, settings }, runner);
  const unstated = options.device === undefined ? [] : requireFit(lowered.program, options.device);
  const report = buildReport({
    ...lowered,
    weightBits: fixed ? weightBits : null,
    fractionBits: fixed ? fractionBits : null,
    runner: { records: runner.records, diagnostics: [...runner.diagnostics, ...unstated] },
  });
  return { program: lowered.program, report };
}

/** What the caller asked for, as JSON: what is needed to compile the same program again. */
function statedOptions({ signal: _, device, ...rest }: CompileOptions): Readonly<Record<string, unknown>> {
  const stated = Object.entries(rest).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(stated), ...(device === undefined ? {} : { device: device.name }) };
}
