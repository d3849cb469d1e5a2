/** The shipped model on the shipped images, in onnxruntime: what the card says of it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
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

it.each([
  ['test-images.idx3.gz', '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7'],
  ['test-labels.idx1.gz', 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2'],
])('%s is the original file of the MNIST test set', (file, sha256) => {
  const bytes = gunzipSync(readFileSync(`${modelFolder}${file}`));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
});

it('the shipped model gives the labels of its card on the first 1,000 images', async () => {
  const first = { limit: 1000 };
  const images = readImages(`${modelFolder}test-images.idx3.gz`, input, first);
  const normalised = normalisedPixels(images, cardInput(`${modelFolder}mnist-1block.card.json`));
  const { signal } = new AbortController();
  const found = classesOf(await originalModelOutput(`${modelFolder}mnist-1block.onnx`, normalised, { signal }));
  expect(found.join('')).toBe(card.predicted_labels_first_1000);

  const labels = readLabels(`${modelFolder}test-labels.idx1.gz`, { images: 1000, ...first });
  expect(found.filter((label, n) => label === labels[n]).length / 1000).toBe(card.accuracy_first_1000);
});
