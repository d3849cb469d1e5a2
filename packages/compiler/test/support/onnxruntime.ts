/** onnxruntime as the judge of what a model means. */
import * as ort from 'onnxruntime-node';

/** Runs a model on float32 inputs by name (or in order); outputs by name. */
export async function runOnnx(
  model: Uint8Array,
  inputs: readonly { readonly shape: readonly number[]; readonly data: Float32Array | Uint8Array }[],
  externalData: readonly { readonly path: string; readonly data: Uint8Array }[] = [],
): Promise<ReadonlyMap<string, { readonly dims: readonly number[]; readonly data: Float32Array }>> {
  const session = await ort.InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(externalData.length === 0 ? {} : { externalData: [...externalData] }),
  });
  try {
    const feeds: Record<string, ort.Tensor> = {};
    session.inputNames.forEach((name, i) => {
      const input = inputs[i];
      if (input === undefined) throw new Error(`no input for ${name}`);
      feeds[name] = new ort.Tensor(input.data instanceof Uint8Array ? 'uint8' : 'float32', input.data, [
        ...input.shape,
      ]);
    });
    const results = await session.run(feeds);
    return new Map(
      session.outputNames.map((name) => {
        const tensor = results[name];
        if (tensor === undefined || !(tensor.data instanceof Float32Array)) throw new Error(`${name} is not float32`);
        return [name, { dims: tensor.dims, data: tensor.data }];
      }),
    );
  } finally {
    await session.release();
  }
}
