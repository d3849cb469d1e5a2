import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { modelFolder, vectorFolder } from '../test/isinglass.ts';
import { readProgramFile } from './program-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-program-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A copy of the shipped network under another name. */
function network(name: string): string {
  const path = join(folder, name);
  copyFileSync(`${modelFolder}mnist-1block.onnx`, path);
  return path;
}

it.each([
  ['digits.onnx', (path: string) => `${path} -o digits.isg`],
  ['Dan’s "digits".ONNX', (path: string) => `'${path}' -o 'Dan’s "digits".isg'`],
  ["Dan's digits.onnx", (path: string) => `'${path.replace("'", "'\\''")}' -o 'Dan'\\''s digits.isg'`],
  ['network', (path: string) => `${path} -o network.isg`],
])('a network in the file %s is answered with the command that compiles it', (name, words) => {
  const path = network(name);
  const message = `${path} is an ONNX network, not a program; compile it first: isinglass compile ${words(path)}`;
  expect(() => readProgramFile(path)).toThrow(
    expect.objectContaining({ code: 'invalid-request', where: path, message }),
  );
});

it('what is neither a program nor a network is an invalid program, and a program may have any name', () => {
  const neither = join(folder, 'neither.isg');
  writeFileSync(neither, 'neither the one nor the other');
  expect(() => readProgramFile(neither)).toThrow(expect.objectContaining({ code: 'invalid-program' }));

  const named = join(folder, 'program.onnx');
  copyFileSync(`${vectorFolder}conv3x3.isg`, named);
  expect(readProgramFile(named).hash).toBe(readProgramFile(`${vectorFolder}conv3x3.isg`).hash);
});
