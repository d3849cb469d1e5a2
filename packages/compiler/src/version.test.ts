import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { compilerVersion } from './version.ts';

it("the compiler's version is its package's", () => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(manifest).toMatchObject({ version: compilerVersion });
});
