/** A run beside what it stands for: the program's feed-forward evaluation and the network that it was compiled from. */
import { InvalidRequestError, type Program, type RunReport, type ValueSpec } from '@isinglass/sdk';
import type { CommandContext } from '../command-context.ts';
import { startProgress } from '../output/progress.ts';
import { modelInput } from './model-input.ts';
import { originalModelOutput } from './original-model.ts';
import { runFeedForward } from './run-feed-forward.ts';
import type { RunInputs } from './run-inputs.ts';
import { classesOf, outputOf } from './run-output.ts';
import type { Comparison } from './run-summary.ts';

export const comparands = ['feed-forward', 'model'] as const;
export type Comparand = (typeof comparands)[number];

export const nothingCompared: Comparison = {
  accuracy: null,
  feedForwardAccuracy: null,
  modelAccuracy: null,
  agreement: null,
};

export async function compareRun(o: {
  readonly program: Program;
  readonly inputs: RunInputs;
  readonly output: ValueSpec;
  readonly report: RunReport;
  readonly compare: readonly Comparand[];
  /** The ONNX file, for `model`. */
  readonly model?: string;
  readonly context: CommandContext;
}): Promise<Comparison> {
  const { compare, context, inputs, output, program, report } = o;
  const right = (found: readonly number[] | null) =>
    found === null || inputs.labels === null ? null : shareEqual(found, inputs.labels);
  const wanted = (comparand: Comparand) => compare.includes(comparand);
  const own = wanted('feed-forward') || inputs.labels !== null ? classesOf(outputOf(report, output)) : null;
  const feedForward = wanted('feed-forward') ? await feedForwardClasses() : null;
  const model = wanted('model') && o.model !== undefined ? await modelClasses(o.model) : null;
  return {
    accuracy: right(own),
    feedForwardAccuracy: right(feedForward),
    modelAccuracy: right(model),
    agreement: own === null || feedForward === null ? null : shareEqual(own, feedForward),
  };

  async function feedForwardClasses(): Promise<readonly number[]> {
    const evaluation = await runFeedForward({ program, inputs, report, context });
    return classesOf(outputOf(evaluation, output));
  }

  async function modelClasses(path: string): Promise<readonly number[]> {
    if (typeof inputs.images === 'number') {
      throw new InvalidRequestError('a program without inputs has no model to compare with', { where: '--compare' });
    }
    const images = modelInput(program, inputs.images);
    const progress = startProgress({ total: inputs.count, unit: 'images' });
    try {
      const onProgress = (done: number) => progress.update(done, 'original model');
      return classesOf(await originalModelOutput(path, images, { signal: context.signal, onProgress }));
    } finally {
      progress.stop();
    }
  }
}

/** Share of places where two lists of equal length agree. */
function shareEqual(a: readonly number[], b: readonly number[]): number {
  return a.filter((value, i) => value === b[i]).length / Math.max(1, a.length);
}
