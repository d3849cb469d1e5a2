/** What PyTorch's own exporters write imports, and means the same stage by stage. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { importOnnx } from '../src/import/import-onnx.ts';
import { fileModelSource } from '../src/node/file-model-source.ts';
import { runOnnx } from './support/onnxruntime.ts';
import { dice } from './support/random-block.ts';
import { runStages } from './support/run-stages.ts';

const folder = new URL('./fixtures/torch/', import.meta.url);
const path = (name: string) => fileURLToPath(new URL(name, folder));

test.for(['torchscript', 'dynamo'])('the convolutional block of the %s exporter imports and runs', async (exporter) => {
  const file = path(`conv-block-${exporter}.onnx`);
  const imported = await importOnnx(await fileModelSource(file));
  expect(imported.stages.map(({ kind, id }) => [kind, id])).toEqual([
    ['host', 'encoder'],
    ['block', 'block1'],
    ['host', 'decoder'],
  ]);
  const [, block] = imported.stages;
  if (block?.kind !== 'block') return expect.fail();
  expect([block.inputShape, block.hiddenShape, block.outputShape]).toEqual([
    [4, 6, 6],
    [6, 3, 3],
    [4, 3, 3],
  ]);
  expect(block.k1).toMatchObject({ kind: 'conv', pads: [1, 0, 0, 1], strides: [2, 2] });
  expect(block.k2).toMatchObject({ kind: 'conv', groups: 2 });

  const random = dice(7);
  const image = { shape: [3, 1, 12, 12], data: Float32Array.from({ length: 3 * 144 }, () => random() * 4 - 2) };
  const external =
    exporter === 'dynamo'
      ? [{ path: 'conv-block-dynamo.onnx.data', data: await readFile(path('conv-block-dynamo.onnx.data')) }]
      : [];
  const expected = await runOnnx(await readFile(file), [image], external);
  const staged = await runStages(imported, [image]);
  expect(staged.margin).toBeGreaterThan(1e-5);
  const scores = staged.outputs.get('scores');
  expect(scores?.length).toBe(9);
  expected.get('scores')?.data.forEach((v, i) => {
    expect(scores?.[i]).toBeCloseTo(v, 4);
  });
});

test.for(['torchscript', 'dynamo'])('the dense block of the %s exporter imports and runs', async (exporter) => {
  const model = await readFile(path(`dense-block-${exporter}.onnx`));
  const imported = await importOnnx(model, { binaryInputs: ['spins'] });
  expect(imported.stages.map(({ kind }) => kind)).toEqual(['block']);
  const [block] = imported.stages;
  if (block?.kind !== 'block') return expect.fail();
  expect(block.k3?.kind).toBe('identity');
  expect([block.in.granularity, block.mid.granularity]).toEqual(['scalar', 'scalar']);

  const random = dice(8);
  const spins = { shape: [20, 12], data: Float32Array.from({ length: 240 }, () => (random() < 0.5 ? -1 : 1)) };
  const expected = await runOnnx(model, [spins]);
  const staged = await runStages(imported, [spins]);
  expect(staged.margin).toBeGreaterThan(1e-5);
  expect(staged.outputs.get('signs')).toEqual(Float32Array.from(expected.get('signs')?.data ?? []));
});
