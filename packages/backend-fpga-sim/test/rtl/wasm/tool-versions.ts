/** Versions of the tools that npm installed, for the keys of what they make. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

function installedVersion(name: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const manifest = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8'));
  return `${name} ${manifest.version}`;
}

export const yosysVersion = installedVersion('@yowasp/yosys');
export const clangVersion = installedVersion('@yowasp/clang');
