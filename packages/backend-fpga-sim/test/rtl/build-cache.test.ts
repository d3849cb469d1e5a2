import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cachedFile } from './build-cache.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'build-cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Files whose content counts how often one was made. */
function counted(): (madeFrom: readonly string[]) => Promise<string> {
  let made = 0;
  return async (madeFrom) => {
    const make = (path: string): Promise<void> => writeFile(path, `${++made}`);
    return readFile(await cachedFile({ name: 'x.bin', madeFrom, make }, folder), 'utf8');
  };
}

test('a file is made once, also when it is asked for twice at once', async () => {
  const content = counted();
  expect(await Promise.all([content(['a']), content(['a'])])).toEqual(['1', '1']);
  expect(await content(['a'])).toBe('1');
});

test('everything that a file is made from counts, and where one part ends', async () => {
  const content = counted();
  expect(await content(['ab', 'c'])).toBe('1');
  expect(await content(['a', 'bc'])).toBe('2');
  expect(await content(['ab', 'd'])).toBe('3');
  expect(await content(['ab', 'c'])).toBe('1');
});

test('a file whose making fails is not there, and is made the next time', async () => {
  const failing = { name: 'x.bin', madeFrom: ['a'] };
  const fail = async (path: string): Promise<void> => {
    await writeFile(path, 'half');
    throw new Error('no more');
  };
  await expect(cachedFile({ ...failing, make: fail }, folder)).rejects.toThrow('no more');
  expect(await readdir(folder)).toEqual([]);
  expect(await counted()(['a'])).toBe('1');
  expect(await readdir(folder)).toHaveLength(1);
});
