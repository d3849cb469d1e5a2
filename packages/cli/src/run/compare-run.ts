/** A run beside what it stands for: the program's feed-forward evaluation and the network that it was compiled from. */
import { classesOf, InvalidRequestError, type Program, type RunReport, type ValueSpec } from '@isinglass/sdk';
import type { CommandContext } from '../command-context.ts';
import { startProgress } from '../output/progress.ts';
import { modelInput } from './model-input.ts';
import { originalModelOutput } from './original-model.ts';
import { runFeedForward } from './run-feed-forward.ts';
import type { RunInputs } from './run-inputs.ts';
import { outputOf } from './run-output.ts';
import type { Comparison } from './run-summary.ts';

export const comparands = ['feed-forward', 'model'] as const;
export type Comparand = (typeof comparands)[number];

export const nothingCompared: Comparison = {
  accuracy: null,
  feedForwardAccuracy: null,
  modelAccuracy: null,
  agreement: null,
};

/** The classes that the ONNX file gives for the run's images. Quick beside a run, so it comes first and fails first. */
export async function modelClasses(o: {
  readonly path: string;
  readonly program: Program;
  readonly inputs: RunInputs;
  readonly context: CommandContext;
}): Promise<readonly number[]> {
  const { images, count } = o.inputs;
  if (typeof images === 'number') {
    throw new InvalidRequestError('a program without inputs has no model to compare with', { where: '--compare' });
  }
  const progress = startProgress({ total: count, unit: 'images' });
  try {
    const onProgress = (done: number) => progress.update(done, 'original model');
    const { signal } = o.context;
    return classesOf(await originalModelOutput(o.path, modelInput(o.program, images), { signal, onProgress }));
  } finally {
    progress.stop();
  }
}

export async function compareRun(o: {
  readonly program: Program;
  readonly inputs: RunInputs;
  readonly output: ValueSpec;
  readonly report: RunReport;
  /** The classes of the original model, if they are wanted. */
  readonly model: readonly number[] | null;
  readonly feedForward: 'compare' | 'leave';
  readonly context: CommandContext;
}): Promise<Comparison> {
  const { context, inputs, output, program, report } = o;
  const { labels } = inputs;
  const right = (found: readonly number[] | null) =>
    found === null || labels === null ? null : shareEqual(found, labels);
  const own = classesOf(outputOf(report, output));
  const evaluated =
    o.feedForward === 'leave'
      ? null
      : classesOf(outputOf(await runFeedForward({ program, inputs, report, context }), output));
  return {
    accuracy: right(own),
    feedForwardAccuracy: right(evaluated),
    modelAccuracy: right(o.model),
    agreement: evaluated === null ? null : shareEqual(own, evaluated),
  };
}

/** Share of places where two lists of equal length agree. */
function shareEqual(a: readonly number[], b: readonly number[]): number {
  return a.filter((value, i) => value === b[i]).length / Math.max(1, a.length);
}
