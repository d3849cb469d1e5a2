/** The committed JavaScript is what the generator makes of onnx.proto. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('generated/onnx.js is up to date with onnx.proto', () => {
  const manifest: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // Of the script's two runs the second writes the JavaScript, the first only its types.
  const command = manifest.scripts['generate:onnx']?.split(' && ')[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'isinglass-onnx-'));
  try {
    const made = join(folder, 'onnx.js');
    const args = command.replace('src/onnx/generated/onnx.js', made).split(' ').slice(1);
    execFileSync(process.execPath, [join(root, 'node_modules/protobufjs-cli/bin/pbjs'), ...args], { cwd: root });
    const committed = readFileSync(join(root, 'src/onnx/generated/onnx.js'), 'utf8');
    expect(readFileSync(made, 'utf8') === committed, 'run: pnpm --filter @isinglass/compiler run generate:onnx').toBe(
      true,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
