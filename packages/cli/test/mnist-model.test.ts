/** The shipped model on the shipped images, in onnxruntime: what the card says of it. */
import { readFileSync } from 'node:fs';
import { classesOf, type ValueSpec } from '@isinglass/sdk';
import { expect, it } from 'vitest';
import { cardInput } from '../src/compile/pixel-input.ts';
import { readImages } from '../src/images/read-images.ts';
import { readLabels } from '../src/images/read-labels.ts';
import { normalisedPixels } from '../src/run/model-input.ts';
import { originalModelOutput } from '../src/run/original-model.ts';
import { modelFolder } from './isinglass.ts';

const card: { readonly predicted_labels_first_1000: string; readonly accuracy_first_1000: number } = JSON.parse(
  readFileSync(`${modelFolder}mnist-1block.card.json`, 'utf8'),
);
const input: ValueSpec = { name: 'image', dtype: 'u8', shape: ['batch', 1, 28, 28] };

it('the shipped model gives the labels of its card on all 1,000 shipped images', async () => {
  const images = readImages(`${modelFolder}test-images-1000.idx3.gz`, input);
  const normalised = normalisedPixels(images, cardInput(`${modelFolder}mnist-1block.card.json`));
  const { signal } = new AbortController();
  const found = classesOf(await originalModelOutput(`${modelFolder}mnist-1block.onnx`, normalised, { signal }));
  expect(found.join('')).toBe(card.predicted_labels_first_1000);

  const labels = readLabels(`${modelFolder}test-labels-1000.idx1.gz`, { images: 1000 });
  expect(found.filter((label, n) => label === labels[n]).length / 1000).toBe(card.accuracy_first_1000);
});
