import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { conformanceDocument, withSourceSections } from '../tools/conformance-docs.ts';
import { repositoryRoot } from '../tools/workspace/read-workspace.ts';

it('the tables of checks and faults are those of the sources: node tools/conformance-docs.ts writes them', () => {
  const text = readFileSync(join(repositoryRoot, conformanceDocument), 'utf8');
  expect(withSourceSections(text)).toBe(text);
});
