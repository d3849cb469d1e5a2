import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { checkWritable, writeFile } from './write-file.ts';

const root = mkdtempSync(join(tmpdir(), 'isinglass-write-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder = root;
beforeEach(() => {
  folder = mkdtempSync(join(root, 'case-'));
});

describe('writeFile', () => {
  it('replaces the file as a whole and leaves nothing else', () => {
    const path = join(folder, 'a.isg');
    writeFileSync(path, 'a long text that was here before');
    checkWritable(path);
    expect(readdirSync(folder)).toEqual(['a.isg']);
    writeFile(path, Uint8Array.of(1, 2, 3));
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
    expect(readdirSync(folder)).toEqual(['a.isg']);
  });

  it('leaves nothing behind when the target cannot be replaced', () => {
    const path = join(folder, 'taken');
    mkdirSync(path);
    expect(() => checkWritable(path)).toThrow(/taken cannot be written: it is a folder/);
    expect(() => writeFile(path, Uint8Array.of(1))).toThrow(/taken cannot be written/);
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('refuses a folder that does not exist before any work is done', () => {
    const path = join(folder, 'nowhere', 'a.isg');
    expect(() => checkWritable(path)).toThrow(expect.objectContaining({ code: 'invalid-request', where: path }));
  });
});
