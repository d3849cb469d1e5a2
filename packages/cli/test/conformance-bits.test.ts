/** The random bits of a device as bytes: in a file, in a pipe, and where either ends early. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { installBrokenProvider, isinglass, isinglassJson, main, workspace } from './isinglass.ts';

const folder = mkdtempSync(join(tmpdir(), 'isinglass-bits-'));
afterAll(() => rmSync(folder, { recursive: true }));
const broken = (fault: string) => ['--provider', installBrokenProvider(folder), '--flag', `fault=${fault}`];

const bits = (...args: readonly string[]) => ['conformance', 'bits', '--device', 'cpu:scalar', '--seed', '5', ...args];

function piped(args: readonly string[]) {
  const child = spawn(process.execPath, [main, ...args], { cwd: workspace, stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, code };
}

const mirrored = (byte: number): number =>
  Number.parseInt(byte.toString(2).padStart(8, '0').split('').reverse().join(''), 2);

// Several processes, one after the other, on machines that are shared; progress is told every five seconds.
describe('conformance bits', { timeout: 60_000 }, () => {
  it('writes the same bytes into a file and into a pipe; reversed, each is mirrored', async () => {
    const out = join(folder, 'bits.bin');
    const pipe = piped(bits('--bytes', '20K', '--reversed'));
    const [{ json, code }, reversed] = await Promise.all([
      isinglassJson(bits('--bytes', '20K', '--out', out)),
      buffer(pipe.child.stdout),
    ]);
    expect(code).toBe(0);
    expect(json).toEqual({
      out,
      bytes: 20480,
      device: 'cpu:scalar',
      order: 'spin',
      bitReversed: false,
      seed: '0x0000000000000005',
    });
    const bytes = readFileSync(out);
    expect(bytes).toHaveLength(20480);
    expect(await pipe.code).toBe(0);
    expect([...reversed]).toEqual([...bytes].map(mirrored));
    expect(new Set(bytes).size).toBe(256);
  });

  it('goes on until the reader of the pipe has enough, which is no failure', async () => {
    const { child, code } = piped(bits('--order', 'interleaved'));
    const said = buffer(child.stderr);
    let read = 0;
    child.stdout.on('data', (chunk: Uint8Array) => {
      read += chunk.length;
      if (read > 100_000) child.stdout.destroy();
    });
    expect(await code).toBe(0);
    expect(read).toBeGreaterThan(100_000);
    expect(String(await said)).toBe('cpu:scalar, order interleaved, seed 0x0000000000000005\n');
  });

  it('interrupted, or with a device that fails, leaves no file', async () => {
    const out = join(folder, 'none.bin');
    const before = () => readdirSync(folder).filter((name) => name.includes('none'));
    let sent = false;
    const interrupted = await isinglass(bits('--bytes', '64G', '--out', out), {
      onStderr(child, text) {
        // Some bytes are there.
        if (sent || !text.includes(' bytes (')) return;
        sent = true;
        expect(before()).toHaveLength(1);
        child.kill('SIGINT');
      },
    });
    expect(interrupted).toMatchObject({ code: 130, stderr: expect.stringContaining('interrupted') });
    const hung = ['conformance', 'bits', ...broken('hang'), '--bytes', '1K', '--out', out, '--deadline', '1'];
    expect(await isinglass(hung)).toMatchObject({ code: 3, stderr: expect.stringContaining('did not settle') });
    const absent = ['conformance', 'bits', ...broken('absent'), '--bytes', '1K', '--out', out];
    expect(await isinglass(absent)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no board on this host'),
    });
    expect(before()).toEqual([]);
  });

  it.each([
    ['a file without an end', ['--out', join(folder, 'x.bin')], '--bytes'],
    ['JSON where the bits go', ['--json'], '--out FILE'],
    ['a size that is none', ['--bytes', '64GB'], '64G'],
    ['a folder that is not there', ['--bytes', '1K', '--out', join(folder, 'no', 'x.bin')], 'cannot be written'],
  ])('refuses %s, and says what helps', async (_, args, says) => {
    const { code, stdout, stderr } = await isinglass(bits(...args));
    expect(`${stdout}${stderr}`).toContain(says);
    expect(code).toBe(3);
  });
});
