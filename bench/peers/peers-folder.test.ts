import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { peersFolder } from './peers-folder.ts';

const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));

it('environments live under the temporary folder, outside the repository', () => {
  const folder = peersFolder({});
  expect(folder.startsWith(tmpdir())).toBe(true);
  expect(folder.startsWith(repositoryRoot)).toBe(false);
  expect(peersFolder({ ISINGLASS_PEERS_DIR: '' })).toBe(folder);
});

it('ISINGLASS_PEERS_DIR names another folder', () => {
  expect(peersFolder({ ISINGLASS_PEERS_DIR: 'kept' })).toBe(resolve('kept'));
});
