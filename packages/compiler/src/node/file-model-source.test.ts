import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileModelSource } from './file-model-source.ts';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'isinglass-source-'));
  await mkdir(join(root, 'model', 'parts'), { recursive: true });
  await mkdir(join(root, 'model-other'));
  await writeFile(join(root, 'model', 'm.onnx'), 'model');
  await writeFile(join(root, 'model', 'w.data'), 'inside');
  await writeFile(join(root, 'model', 'parts', 'w.data'), 'deeper');
  await writeFile(join(root, 'model-other', 'w.data'), 'neighbour');
  await writeFile(join(root, 'secret'), 'outside');
  await symlink(join(root, 'secret'), join(root, 'model', 'link-out'));
  await symlink(join(root, 'model', 'w.data'), join(root, 'model', 'link-in'));
  await symlink(root, join(root, 'model', 'folder-out'));
  await symlink(join(root, 'model'), join(root, 'linked-folder'));
});

afterAll(() => rm(root, { recursive: true }));

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

test('the model and the files in its folder are read', async () => {
  const source = await fileModelSource(join(root, 'model', 'm.onnx'));
  expect(text(source.model)).toBe('model');
  expect(source.name).toBe('m');
  expect(text(await source.external?.('w.data'))).toBe('inside');
  expect(text(await source.external?.('parts/w.data'))).toBe('deeper');
  expect(text(await source.external?.('link-in'))).toBe('inside');
});

test('a folder that is reached over a link is a folder', async () => {
  const source = await fileModelSource(join(root, 'linked-folder', 'm.onnx'));
  expect(text(await source.external?.('w.data'))).toBe('inside');
});

test.for(['../secret', '../model-other/w.data', 'link-out', 'folder-out/secret', '..', '.'])(
  'the location %s leaves the folder',
  async (location) => {
    const source = await fileModelSource(join(root, 'model', 'm.onnx'));
    await expect(source.external?.(location)).rejects.toMatchObject({
      code: 'invalid-model',
      message: expect.stringContaining('leaves the folder'),
    });
  },
);

test('an absolute location is refused even inside the folder', async () => {
  const source = await fileModelSource(join(root, 'model', 'm.onnx'));
  await expect(source.external?.(join(root, 'model', 'w.data'))).rejects.toMatchObject({ code: 'invalid-model' });
});

test('a file that is missing, or is a folder, is named', async () => {
  const source = await fileModelSource(join(root, 'model', 'm.onnx'));
  await expect(source.external?.('missing')).rejects.toMatchObject({ code: 'invalid-model', where: 'missing' });
  await expect(source.external?.('parts')).rejects.toMatchObject({ code: 'invalid-model', where: 'parts' });
});
