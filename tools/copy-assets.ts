/**
 * The second half of `pnpm build`: copies what the compiler does not emit (generated JavaScript with its declarations,
 * WebAssembly, JSON) from `src` to the same place under `dist`, for every package that is built.
 */
import { cpSync, existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './workspace/read-workspace.ts';

const assets = 'src/**/*.{js,mjs,d.ts,json,wasm,wgsl}';

/** Copies the assets of one package; returns their paths relative to `src`. */
export function copyAssets(packageFolder: string): string[] {
  const copied = globSync(assets, { cwd: packageFolder, exclude: ['**/fixtures/**', '**/node_modules/**'] });
  return copied.map((path) => {
    const inSource = path.replaceAll('\\', '/').slice('src/'.length);
    cpSync(join(packageFolder, path), join(packageFolder, 'dist', inSource));
    return inSource;
  });
}

if (import.meta.main) {
  for (const folder of globSync('packages/*', { cwd: repositoryRoot })) {
    if (!existsSync(join(repositoryRoot, folder, 'tsconfig.build.json'))) continue;
    const copied = copyAssets(join(repositoryRoot, folder));
    if (copied.length > 0) console.log(`${folder}: copied ${copied.join(', ')}`);
  }
}
