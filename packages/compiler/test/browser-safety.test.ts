/** The importer runs where code must not be made from text (a browser's content security policy). */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const fixture = fileURLToPath(new URL('./fixtures/torch/conv-block-torchscript.onnx', import.meta.url));
const importer = new URL('../src/import/import-onnx.ts', import.meta.url).href;

test('no code is made from text while a model is imported', () => {
  const program = `
    import { readFileSync } from 'node:fs';
    import { importOnnx } from ${JSON.stringify(importer)};
    let refused = false;
    try { Function('return 1')(); } catch { refused = true; }
    const { stages } = await importOnnx(readFileSync(${JSON.stringify(fixture)}));
    console.log(JSON.stringify({ refused, stages: stages.map(({ id }) => id) }));`;
  const output = execFileSync(
    process.execPath,
    ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', program],
    { encoding: 'utf8' },
  );
  expect(JSON.parse(output)).toEqual({ refused: true, stages: ['encoder', 'block1', 'decoder'] });
});
