/** Yosys as npm has it, as a command: it sees the folder `rtl` of the working directory, and what it writes is written there. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Exit, runYosys, type Tree } from '@yowasp/yosys';

const rtl: Tree = Object.fromEntries(readdirSync('rtl').map((name) => [name, readFileSync(join('rtl', name), 'utf8')]));

function write(tree: Tree, folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(tree)) {
    const path = join(folder, name);
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(path, content);
    else write(content, path);
  }
}

try {
  const written = await runYosys(process.argv.slice(2), { rtl, build: {} });
  write((written?.build ?? {}) as Tree, 'build');
} catch (error) {
  if (!(error instanceof Exit)) throw error;
  process.exitCode = error.code;
}
