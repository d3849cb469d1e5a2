/** The TypeScript example of the README: a test runs it from sources, `pnpm pack:check` from the packed packages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './read-workspace.ts';

/** The text of the first `ts` block; it is also valid JavaScript, so that the oldest supported Node runs it as it is. */
export function readmeExample(): string {
  const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
  const example = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1];
  if (example === undefined) throw new Error('README.md has no ts block');
  return example;
}
