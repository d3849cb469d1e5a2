import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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

  it('writes through a symbolic link, which stays one', () => {
    const [path, link] = [join(folder, 'a.isg'), join(folder, 'latest.isg')];
    writeFileSync(path, 'before');
    symlinkSync('a.isg', link);
    checkWritable(link);
    writeFile(link, Uint8Array.of(1, 2));
    expect([...readFileSync(path)]).toEqual([1, 2]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('a device stays a device: what is no regular file is written to as it is', () => {
    // A link into a folder of its own, so that a mistake here harms no device of the machine.
    const link = join(folder, 'null');
    symlinkSync('/dev/null', link);
    checkWritable(link);
    writeFile(link, Uint8Array.of(1));
    expect(statSync(link).isCharacterDevice()).toBe(true);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(readdirSync(folder)).toEqual(['null']);
  });

  it('refuses to replace an input under whatever name, and takes another file beside it', () => {
    const [model, other, link] = [join(folder, 'a.onnx'), join(folder, 'b.isg'), join(folder, 'c.isg')];
    writeFileSync(model, 'the model');
    writeFileSync(other, 'an older program');
    symlinkSync('a.onnx', link);
    for (const path of [model, link]) {
      expect(() => checkWritable(path, [undefined, model])).toThrow(/it is the input .*a\.onnx, which would be lost/);
    }
    checkWritable(other, [undefined, model, join(folder, 'not-there')]);
    expect(readFileSync(model, 'utf8')).toBe('the model');
  });

  it('refuses an empty name', () => {
    expect(() => checkWritable('')).toThrow(/the name is empty/);
  });

  it('refuses a folder that does not exist before any work is done', () => {
    const path = join(folder, 'nowhere', 'a.isg');
    expect(() => checkWritable(path)).toThrow(expect.objectContaining({ code: 'invalid-request', where: path }));
  });
});
