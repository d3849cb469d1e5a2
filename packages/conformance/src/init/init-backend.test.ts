import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { initBackend } from './init-backend.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a skeleton is the template under another name', async () => {
  const { name, files } = await initBackend(join(folder, 'deep', 'acme-2'));
  expect(name).toBe('acme-2');
  expect(files).toContain('src/sampler.ts');
  for (const file of files) {
    const text = readFileSync(join(folder, 'deep', 'acme-2', file), 'utf8');
    expect(text, file).not.toContain('my-machine');
  }
  const read = (file: string): string => readFileSync(join(folder, 'deep', 'acme-2', file), 'utf8');
  expect(JSON.parse(read('package.json')).name).toBe('isinglass-backend-acme-2');
  expect(read('src/backend.ts')).toContain("scheme: 'acme-2'");
});

test('the packages that it asks for are of this version', async () => {
  const url = (path: string): URL => new URL(path, import.meta.url);
  const json = (path: string) => JSON.parse(readFileSync(url(path), 'utf8'));
  const { devDependencies, peerDependencies } = json('../../templates/backend/package.json');
  for (const name of ['sdk', 'cli', 'conformance']) {
    expect(devDependencies[`@isinglass/${name}`]).toBe(`^${json(`../../../${name}/package.json`).version}`);
  }
  expect(peerDependencies['@isinglass/sdk']).toBe(devDependencies['@isinglass/sdk']);
});

test('an empty folder is taken, under a given name', async () => {
  const dir = join(folder, 'Empty');
  mkdirSync(dir);
  expect((await initBackend(dir, { name: 'board' })).name).toBe('board');
});

test('a folder that holds anything is left as it is', async () => {
  const dir = join(folder, 'full');
  mkdirSync(dir);
  writeFileSync(join(dir, 'thesis.tex'), 'chapter 1');
  await expect(initBackend(dir)).rejects.toMatchObject({ code: 'invalid-request', where: 'dir' });
  expect(readdirSync(dir)).toEqual(['thesis.tex']);
  await expect(initBackend(join(dir, 'thesis.tex'), { name: 'a' })).rejects.toMatchObject({ code: 'invalid-request' });
});

test.each(['Acme', '2nd', 'a_b', ''])('%j is no scheme', async (name) => {
  const dir = join(folder, 'unnamed');
  await expect(initBackend(dir, { name })).rejects.toMatchObject({ code: 'invalid-request', where: 'name' });
  expect(existsSync(dir)).toBe(false);
});
