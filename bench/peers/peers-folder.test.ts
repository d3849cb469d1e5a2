import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../../tools/workspace/read-workspace.ts';
import { peersFolder } from './peers-folder.ts';

it('environments live under the temporary folder, outside the repository', () => {
  const folder = peersFolder({});
  expect(folder.startsWith(tmpdir())).toBe(true);
  expect(folder.startsWith(repositoryRoot)).toBe(false);
  expect(peersFolder({ ISINGLASS_PEERS_DIR: '' })).toBe(folder);
});

it('ISINGLASS_PEERS_DIR names another folder', () => {
  expect(peersFolder({ ISINGLASS_PEERS_DIR: 'kept' })).toBe(resolve('kept'));
});
