import { type ImportOptions, importOnnx } from './import/import-onnx.ts';
import type { ImportedModel, LinearLayer } from './model/block-model.ts';
import type { ModelSource } from './onnx/model-source.ts';
import type { ModelSizes, Pass } from './pipeline/pass.ts';

/** ONNX to blocks and host stages, constants evaluated, external data loaded. */
export function importPass(o: ImportOptions): Pass<ModelSource, ImportedModel> {
  return {
    name: 'import-onnx',
    version: '1',
    run: (source) => importOnnx(source, o),
    sizes: importedSizes,
  };
}

function importedSizes(model: ImportedModel): ModelSizes {
  let weights = 0;
  let nonZeros = 0;
  let biasValues = 0;
  for (const stage of model.stages) {
    if (stage.kind !== 'block') continue;
    for (const layer of [stage.k1, stage.k2, stage.k3]) {
      const values = layer === null ? new Float64Array() : weightsOf(layer);
      weights += values.length;
      nonZeros += values.reduce((count, value) => count + (value === 0 ? 0 : 1), 0);
      biasValues += layer?.bias?.length ?? 0;
    }
  }
  // Networks are trained and exported in float32.
  return { weights, nonZeros, weightBits: 32, biasValues };
}

function weightsOf(layer: LinearLayer): Float64Array {
  return layer.kind === 'identity' ? new Float64Array() : layer.weights;
}
