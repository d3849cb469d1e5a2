/** An imported network run stage by stage: host stages by onnxruntime, blocks by their feed-forward formula. */
import type { ImportedModel } from '../../src/model/block-model.ts';
import { evaluateBlock } from './evaluate-block.ts';
import { runOnnx } from './onnxruntime.ts';

export interface StagedRun {
  readonly outputs: ReadonlyMap<string, Float32Array>;
  /** The smallest |z2| of any spin: where it is tiny, two correct evaluations may differ in a sign. */
  readonly margin: number;
}

/** `inputs` in the order of the model's. */
export async function runStages(
  model: ImportedModel,
  inputs: readonly { readonly shape: readonly number[]; readonly data: Float32Array | Uint8Array }[],
): Promise<StagedRun> {
  const values = new Map(model.inputs.map(({ name }, i) => [name, inputs[i]] as const));
  const images = inputs[0]?.shape[0] ?? 0;
  let margin = Number.POSITIVE_INFINITY;
  for (const stage of model.stages) {
    if (stage.kind === 'host') {
      const given = stage.inputs.map((name) => {
        const value = values.get(name);
        if (value === undefined) throw new Error(`${stage.id} reads ${name}, which no stage before it defines`);
        return value;
      });
      const results = [...(await runOnnx(stage.onnx, given)).values()];
      stage.outputs.forEach((name, i) => {
        const result = results[i];
        if (result !== undefined) values.set(name, { shape: result.dims, data: result.data });
      });
      continue;
    }
    const x = values.get(stage.input);
    if (x === undefined) throw new Error(`${stage.id} reads ${stage.input}, which no stage before it defines`);
    if (String(x.shape) !== String([images, ...stage.inputShape])) throw new Error(`${stage.id}: shape ${x.shape}`);
    const spins = x.data.length / images;
    const signs: number[] = [];
    for (let image = 0; image < images; image++) {
      const { z2 } = evaluateBlock(stage, x.data.subarray(image * spins, (image + 1) * spins));
      for (const z of z2) {
        margin = Math.min(margin, Math.abs(z));
        signs.push(z >= 0 ? 1 : -1);
      }
    }
    values.set(stage.output, { shape: [images, ...stage.outputShape], data: Float32Array.from(signs) });
  }
  const outputs = model.outputs.map(({ name }) => [name, Float32Array.from(values.get(name)?.data ?? [])] as const);
  return { outputs: new Map(outputs), margin };
}
