/** rows ⊙ K ⊙ columns: per-channel or per-spin factors of a layer's output and input, multiplied into its weights. */
import type { LinearLayer } from '../model/block-model.ts';
import type { LayerShapes } from './shift-through-layer.ts';
import { multiplyFields, perSpin, type SpinField } from './spin-field.ts';

/** The factors that surround a layer: of its outputs and of its inputs. */
export interface LayerFactors {
  readonly rows: SpinField;
  readonly columns: SpinField;
}

/**
 * The scaled weights in the layer's own layout (`[N]` for the identity, which becomes a diagonal).
 * A convolution needs factors per channel: check with `sharingBroken` first.
 */
export function scaleLayer(layer: LinearLayer, factors: LayerFactors, shapes: LayerShapes): Float64Array<ArrayBuffer> {
  switch (layer.kind) {
    case 'identity':
      return identityValues(factors, shapes);
    case 'dense': {
      const rows = perSpin(factors.rows, shapes.to);
      const columns = perSpin(factors.columns, shapes.from);
      return layer.weights.map(
        (weight, i) =>
          (rows[Math.floor(i / columns.length)] as number) * weight * (columns[i % columns.length] as number),
      );
    }
    case 'conv': {
      const [channelsOut, channelsIn] = layer.shape as readonly [number, number];
      const taps = layer.weights.length / (channelsOut * channelsIn);
      const channelsOutPerGroup = channelsOut / layer.groups;
      return layer.weights.map((weight, i) => {
        const out = Math.floor(i / (channelsIn * taps));
        const firstIn = Math.floor(out / channelsOutPerGroup) * channelsIn;
        const column = firstIn + (Math.floor(i / taps) % channelsIn);
        return (factors.rows.values[out] as number) * weight * (factors.columns.values[column] as number);
      });
    }
    default:
      return layer satisfies never;
  }
}

/** Which side has a factor per pixel that a shared kernel cannot take: its input, its output, or none. */
export function sharingBroken(layer: LinearLayer, factors: LayerFactors): 'input' | 'output' | null {
  if (layer.kind !== 'conv') return null;
  if (factors.columns.granularity === 'spin') return 'input';
  return factors.rows.granularity === 'spin' ? 'output' : null;
}

function identityValues(factors: LayerFactors, shapes: LayerShapes): Float64Array<ArrayBuffer> {
  const columns: SpinField = { granularity: 'spin', values: perSpin(factors.columns, shapes.from) };
  return perSpin(multiplyFields(factors.rows, columns, shapes.to), shapes.to);
}
