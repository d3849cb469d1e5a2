/** The TypeScript example of the README: a test runs it from sources, `pnpm pack:check` from the packed packages. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './read-workspace.ts';

/** The text of the first `ts` block; it is also valid JavaScript, so that the oldest supported Node runs it as it is. */
export const readmeExample = (): string => firstBlock('ts');

/** What the README says that the example prints: its first `text` block. */
export const readmeExampleOutput = (): string => firstBlock('text');

function firstBlock(language: string): string {
  const readme = readFileSync(join(repositoryRoot, 'README.md'), 'utf8');
  const block = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(readme)?.[1];
  if (block === undefined) throw new Error(`README.md has no ${language} block`);
  return block;
}
