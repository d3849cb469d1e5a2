/** The table of the MNIST network in docs/devices.md is of the machines as they are; its accuracies are kept, and made anew by command. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withSection } from '@isinglass/conformance';
import { expect, it } from 'vitest';
import { mnistTable } from '../tools/device-docs/mnist-table.ts';
import { deviceDocument } from '../tools/device-docs.ts';
import { repositoryRoot } from '../tools/workspace/read-workspace.ts';

// Liveness: lanes take seconds for an image.
it('cycles, times, joules and the use of adders are what a run gives: node tools/device-docs.ts --mnist writes them', {
  timeout: 200_000,
}, async () => {
  const document = readFileSync(join(repositoryRoot, deviceDocument), 'utf8');
  expect(withSection(document, 'mnist', await mnistTable())).toBe(document);
});
