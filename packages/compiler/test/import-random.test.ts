/** Random networks of one block: what was imported means what the file says, judged by onnxruntime. */
import { expect, test } from 'vitest';
import { importOnnx } from '../src/import/import-onnx.ts';
import { evaluateBlock } from './support/evaluate-block.ts';
import { runOnnx } from './support/onnxruntime.ts';
import { dice, randomBlock } from './support/random-block.ts';

const count = 120;

test(`the fields of ${count} random blocks equal onnxruntime's within 1e-4`, async () => {
  for (let seed = 0; seed < count; seed++) {
    const network = randomBlock(seed);
    const place = `seed ${seed}: ${network.description}`;
    const imported = await importOnnx(network.model, { binaryInputs: ['x'] });
    const [stage, ...more] = imported.stages;
    expect(more.length, place).toBe(0);
    if (stage?.kind !== 'block') return expect.fail(place);
    expect(stage.input).toBe('x');
    expect([stage.inputShape, stage.hiddenShape, stage.outputShape], place).toEqual([
      network.inputShape,
      network.hiddenShape,
      network.outputShape,
    ]);
    expect(imported.inputs, place).toEqual([{ name: 'x', dtype: 'spin', shape: ['batch', ...network.inputShape] }]);
    expect(imported.outputs, place).toEqual([{ name: 'y', dtype: 'spin', shape: ['batch', ...network.outputShape] }]);

    const random = dice(1000 + seed);
    const images = 2;
    const spins = network.inputShape.reduce((a, b) => a * b, 1);
    const data = Float32Array.from({ length: images * spins }, () => (random() < 0.5 ? -1 : 1));
    const expected = await runOnnx(network.fields, [{ shape: [images, ...network.inputShape], data }]);
    for (let image = 0; image < images; image++) {
      const own = evaluateBlock(stage, data.subarray(image * spins, (image + 1) * spins));
      for (const name of ['z1', 'z2'] as const) {
        const all = expected.get(name)?.data ?? new Float32Array();
        const theirs = all.subarray((image * all.length) / images, ((image + 1) * all.length) / images);
        expect(theirs.length, place).toBe(own[name].length);
        const distance = own[name].reduce((worst, v, i) => Math.max(worst, Math.abs(v - (theirs[i] ?? Number.NaN))), 0);
        expect(distance, `${place}, ${name}`).toBeLessThan(1e-4);
      }
    }
  }
});
