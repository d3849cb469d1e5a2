/** The judgement that matters of an import: stage by stage, the network gives what the whole file gives. */
import { expect } from 'vitest';
import { type ImportOptions, importOnnx } from '../../src/import/import-onnx.ts';
import type { ImportedModel } from '../../src/model/block-model.ts';
import { runOnnx } from './onnxruntime.ts';
import { dice } from './random-block.ts';
import { runStages } from './run-stages.ts';

/**
 * Imports, runs three random images through the stages and through the whole model (both by onnxruntime, blocks by
 * their formula), and compares all outputs within 1e-4. Inputs declared binary get ±1, u8 inputs bytes.
 */
export async function expectSame(
  model: Uint8Array,
  o: ImportOptions & { readonly seed?: number; readonly images?: number; readonly original?: Uint8Array } = {},
): Promise<ImportedModel> {
  const { seed = 1, images = 3, original = model, ...options } = o;
  const imported = await importOnnx(model, options);
  const random = dice(seed);
  const inputs = imported.inputs.map(({ dtype, shape }) => {
    const sizes = [images, ...shape.slice(1).map(Number)];
    const length = sizes.reduce((a, b) => a * b, 1);
    const draw = {
      spin: () => (random() < 0.5 ? -1 : 1),
      f32: () => random() * 4 - 2,
      u8: () => random() * 256,
      i64: () => 0,
    };
    const numbers = Array.from({ length }, draw[dtype]);
    return { shape: sizes, data: dtype === 'u8' ? Uint8Array.from(numbers) : Float32Array.from(numbers) };
  });
  const staged = await runStages(imported, inputs);
  const whole = await runOnnx(original, inputs);
  // Otherwise a sign could differ by rounding alone, and nothing would follow from a difference.
  expect(staged.margin).toBeGreaterThan(1e-5);
  for (const [name, { data }] of whole) {
    const own = staged.outputs.get(name);
    expect(own?.length).toBe(data.length);
    const distance = data.reduce((worst, v, i) => Math.max(worst, Math.abs(v - (own?.[i] ?? Number.NaN))), 0);
    expect(distance, name).toBeLessThan(1e-4);
  }
  return imported;
}
