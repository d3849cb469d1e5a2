import { type StdioOptions, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../src/images/npy.ts';
import { installWrappedBackend, isinglass, isinglassJson, main, vectorFolder, workspace } from './isinglass.ts';

interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly where: string | null;
    readonly diagnostics: readonly { readonly code: string; readonly where?: string }[];
  };
}

interface RunDocument {
  readonly sweeps: number | readonly number[];
  readonly blocks: readonly { readonly burnIn: number }[];
}

interface ListedDevice {
  readonly uri: string;
  readonly available: boolean;
  readonly profile?: { readonly name: string };
  readonly reason?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'isinglass-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
/** Spins in, spins out: 32 pinned and 96 free spins per image, a runtime gain delta. */
const spinProgram = `${vectorFolder}feed-forward.isg`;
const spinImages = join(folder, 'spins.npy');
writeFileSync(
  spinImages,
  writeNpy({ shape: [3, 2, 4, 4], data: Float32Array.from({ length: 96 }, (_, i) => (i % 3) - 1) }),
);
/** A run that only an error or a signal ends. */
const endless = ['run', spinProgram, '--images', spinImages, '--sweeps', '2000000000'];
/** No input: 16 spins that are coupled among themselves. */
const glass = `${vectorFolder}glass-2-colors.isg`;

describe('usage', () => {
  it('--version prints the version, --help the commands with examples', async () => {
    const [version, help] = await Promise.all([isinglass(['--version']), isinglass(['--help'])]);
    expect(version).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' });
    expect(help.code).toBe(0);
    for (const command of ['compile', 'run', 'verify', 'inspect', 'devices']) expect(help.stdout).toContain(command);
    expect(help.stdout).toContain('Examples:');
  });

  it.each([
    { args: ['run', glass, '--sweps', '3'], says: /unknown option '--sweps'/ },
    { args: ['run', glass, '--seed', '18446744073709551616'], says: /2\^64/ },
    { args: [], says: /no command/ },
  ])('wrong usage ends with 2 and one JSON document: $args', async ({ args, says }) => {
    const { code, json, stderr } = await isinglassJson<ErrorDocument>(args);
    expect(code).toBe(2);
    expect(json.error.code).toBe('usage');
    expect(json.error.message).toMatch(says);
    expect(stderr).toBe('');
  });

  it('--sweeps and its like take one value, or one per block of the program', async () => {
    const twoBlocks = `${vectorFolder}reject/control-blocks.isg`;
    const images = join(folder, 'two-blocks.npy');
    writeFileSync(images, writeNpy({ shape: [2, 4], data: Float32Array.from([1, -1, 1, 1, -1, -1, 1, -1]) }));
    const flags = ['run', twoBlocks, '--images', images];
    const ok = await isinglassJson<RunDocument>([...flags, '--sweeps', '5,9', '--burn-in', '1']);
    expect(ok.code).toBe(0);
    expect(ok.json.sweeps).toEqual([5, 9]);
    expect(ok.json.blocks.map(({ burnIn }) => burnIn)).toEqual([1, 1]);
    const three = await isinglassJson<ErrorDocument>([...flags, '--sweeps', '5,9,3']);
    expect(three.code).toBe(2);
    expect(three.json.error.message).toMatch(/sweeps has 3 values; allowed: one, or 2/);
  });

  it('without --json an error is a sentence on standard error, nothing on standard output', async () => {
    const { code, stdout, stderr } = await isinglass(['run', glass, '--sweps', '3']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("unknown option '--sweps'");
    expect(stderr).toContain('--help');
  });
});

describe('standard output and standard error', () => {
  const full = '/dev/full';
  const started = (args: readonly string[], stdio: StdioOptions) =>
    spawnSync(process.execPath, [main, ...args], { cwd: workspace, stdio, encoding: 'utf8' });

  it.skipIf(!existsSync(full))('a result that cannot be written is a failure that says so, without a stack', () => {
    const { status, stderr } = started(['inspect', glass], ['ignore', openSync(full, 'w'), 'pipe']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^isinglass: standard output cannot be written: ENOSPC[^\n]*\n$/);
  });

  it.skipIf(!existsSync(full))('progress and logs that nobody can take fail no run', () => {
    const run = ['run', glass, '--json', '--log-level', 'debug'];
    const { status, stdout } = started(run, ['ignore', 'pipe', openSync(full, 'w')]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ images: 1 });
  });
});

describe('inspect', () => {
  it('says what a program holds', async () => {
    const { code, json } = await isinglassJson<Record<string, unknown>>(['inspect', spinProgram]);
    const vector = JSON.parse(readFileSync(`${vectorFolder}feed-forward.json`, 'utf8'));
    expect(code).toBe(0);
    expect(json).toMatchObject({
      programHash: vector.expected.programHash,
      counts: vector.expected.counts,
      spins: { pinned: 32, free: 96 },
      law: 'fixed',
      warnings: [],
    });
    expect(json.tensors).toContainEqual({ name: 'k1.kernel', dtype: 'I8', shape: [4, 2, 3, 3], bytes: 72 });
  });

  it('refuses a corrupt file and a missing one with their places', async () => {
    const corrupt = join(folder, 'corrupt.isg');
    writeFileSync(corrupt, readFileSync(spinProgram).subarray(0, -1));
    const [damaged, missing] = await Promise.all([
      isinglassJson<ErrorDocument>(['inspect', corrupt]),
      isinglassJson<ErrorDocument>(['inspect', join(folder, 'none.isg')]),
    ]);
    expect(damaged.code).toBe(2);
    expect(damaged.json.error.code).toBe('invalid-program');
    expect(damaged.json.error.diagnostics[0]?.code).toBe('P101');
    expect(missing.code).toBe(2);
    expect(missing.json.error).toMatchObject({ code: 'invalid-request', where: join(folder, 'none.isg') });
  });
});

describe('devices', () => {
  it('lists the backends that are installed where the command runs, available or with the reason', async () => {
    const { code, json } = await isinglassJson<{ readonly devices: readonly ListedDevice[] }>(['devices']);
    expect(code).toBe(0);
    expect(json.devices.map(({ uri }) => uri)).toEqual(expect.arrayContaining(['cpu', 'cpu:scalar', 'webgpu']));
    for (const { available, profile, reason } of json.devices) {
      expect(available ? profile?.name : reason).toEqual(expect.any(String));
    }
  });

  it('lists the CPU from any folder, and what a --backend module outside the workspace offers', async () => {
    const module = installWrappedBackend(folder);
    const listed = await isinglassJson<{ readonly devices: readonly unknown[] }>(
      ['devices', '--backend', './wrapped-backend.js'],
      { cwd: folder },
    );
    expect(listed.code).toBe(0);
    expect(listed.json.devices).toContainEqual(expect.objectContaining({ uri: 'cpu', available: true }));
    expect(listed.json.devices).toContainEqual(expect.objectContaining({ uri: 'wrapped', available: true }));
    expect(listed.json.devices).toContainEqual(
      expect.objectContaining({ uri: 'wrapped:second', available: false, reason: 'there is only one' }),
    );

    const flags = ['run', spinProgram, '--images', spinImages, '--seed', '5'];
    const [wrapped, plain] = await Promise.all([
      isinglassJson(['--backend', module, ...flags, '--device', 'wrapped', '--output', join(folder, 'wrapped.npy')]),
      isinglassJson([...flags, '--output', join(folder, 'plain.npy')]),
    ]);
    expect([wrapped.code, plain.code]).toEqual([0, 0]);
    expect(wrapped.json).toMatchObject({ device: 'wrapped' });
    expect(readFileSync(join(folder, 'wrapped.npy'))).toEqual(readFileSync(join(folder, 'plain.npy')));
  });

  it('a device that does not close takes no result away, one that never answers is named as the fault', async () => {
    const module = join(folder, 'stubborn-backend.js');
    writeFileSync(
      module,
      `import wrapped from ${JSON.stringify(pathToFileURL(installWrappedBackend(folder)).href)};
      export default {
        ...wrapped,
        scheme: 'stubborn',
        async open(uri, o) {
          if (uri === 'stubborn:deaf') return new Promise(() => {});
          const { profile, lost, ...driver } = await wrapped.open('wrapped', o);
          const jammed = async () => { throw new Error('jammed'); };
          return { profile, lost, plan: driver.plan, load: driver.load, close: jammed };
        },
      };`,
    );
    const run = (device: string) =>
      isinglassJson<ErrorDocument>(['run', glass, '--device', device, '--backend', module]);
    const [jammed, deaf] = await Promise.all([run('stubborn'), run('stubborn:deaf')]);
    expect(jammed).toMatchObject({ code: 0, json: { images: 1 } });
    expect(jammed.stderr).toContain('jammed');
    expect(deaf).toMatchObject({ code: 1, json: { error: { code: 'internal' } } });
    expect(deaf.json.error.message).toContain('never answered');
  });

  it('a module or a device that is not there is named', async () => {
    const [noModule, noDevice] = await Promise.all([
      isinglassJson<ErrorDocument>(['devices', '--backend', './nowhere.js']),
      isinglassJson<ErrorDocument>(['run', glass, '--device', 'nowhere:1']),
    ]);
    expect([noModule.code, noDevice.code]).toEqual([2, 2]);
    expect(noModule.json.error.message).toContain('nowhere.js');
    expect(noDevice.json.error.message).toMatch(/no backend for "nowhere".*available: .*cpu/);
  });
});

describe('run', () => {
  it('runs a program of spins and writes its output', async () => {
    const output = join(folder, 'signs.npy');
    const { code, json } = await isinglassJson<Record<string, unknown>>([
      ...['run', spinProgram, '--images', spinImages, '--limit', '2', '--output', output],
      ...[
        '--sweeps',
        '40',
        '--burn-in',
        '4',
        '--stride',
        '2',
        '--chains',
        '3',
        '--delta',
        '0.5',
        '--start',
        'feed-forward',
      ],
    ]);
    expect(code).toBe(0);
    expect(Object.keys(json)).toEqual(
      // biome-ignore format: the order of the documented result
      ['images', 'accuracy', 'feedForwardAccuracy', 'modelAccuracy', 'agreement', 'sweeps', 'chains', 'delta',
        'seconds', 'updates', 'synapticOperations', 'device', 'programHash', 'blocks', 'cost', 'trace'],
    );
    // 96 free spins; 2 · 800 free couplings per sweep and 864 pinned ones per image (semantics 3.8).
    expect(json).toMatchObject({
      images: 2,
      accuracy: null,
      cost: null,
      sweeps: 40,
      chains: 3,
      delta: 0.5,
      updates: 96 * 40 * 3 * 2,
      synapticOperations: 2 * 800 * 40 * 3 * 2 + 864 * 2,
      blocks: [{ sweeps: 40, burnIn: 4, stride: 2, chains: 3, gains: { delta: 0.5 } }],
    });
    const written = readNpy(readFileSync(output), 'signs.npy');
    expect(written.shape).toEqual([2, 2, 4, 4]);
    expect(new Set(Array.from(written.data as Float32Array))).toEqual(new Set([-1, 1]));
  });

  it('refuses images of a wrong shape, u8 images for spins, and an output that cannot be written, before running', async () => {
    const wrongShape = join(folder, 'wrong.npy');
    writeFileSync(wrongShape, writeNpy({ shape: [1, 2, 4, 3], data: new Float32Array(24) }));
    const pixels = join(folder, 'pixels.idx');
    writeFileSync(
      pixels,
      Uint8Array.of(0, 0, 8, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4, ...new Array(32).fill(1)),
    );
    const before = readdirSync(folder);
    const [shape, dtype, unwritable] = await Promise.all([
      isinglassJson<ErrorDocument>(['run', spinProgram, '--images', wrongShape]),
      isinglassJson<ErrorDocument>(['run', spinProgram, '--images', pixels]),
      isinglassJson<ErrorDocument>([...endless, '--output', join(folder, 'no', 'out.npy')]),
    ]);
    expect([shape.code, dtype.code, unwritable.code]).toEqual([2, 2, 2]);
    expect(shape.json.error.message).toMatch(/\[2,4,3\].*\[2,4,4\]/);
    expect(dtype.json.error.message).toMatch(/u8/);
    expect(unwritable.json.error.message).toMatch(/cannot be written/);
    expect(readdirSync(folder)).toEqual(before);
  });

  it('a flag that would do nothing, and an output that would replace an input, are refused', async () => {
    const program = join(folder, 'mine.isg');
    writeFileSync(program, readFileSync(spinProgram));
    const [idle, loss] = await Promise.all([
      isinglassJson<ErrorDocument>([...endless, '--model', 'm.onnx']),
      isinglassJson<ErrorDocument>(['run', program, ...endless.slice(2), '--output', program]),
    ]);
    expect([idle.code, loss.code]).toEqual([2, 2]);
    expect(idle.json.error.message).toContain('--compare model');
    expect(loss.json.error.message).toMatch(/it is the input .*mine\.isg/);
    expect(readFileSync(program)).toEqual(readFileSync(spinProgram));
  });

  it('SIGINT ends a run with 130 and leaves no file', async () => {
    const before = readdirSync(folder);
    let sent = false;
    const { code, stdout } = await isinglass(
      [...endless, '--output', join(folder, 'never.npy'), '--json', '--log-level', 'debug'],
      {
        onStderr: (child, text) => {
          if (sent || !text.includes('program loads')) return;
          sent = true;
          setTimeout(() => child.kill('SIGINT'), 100);
        },
      },
    );
    expect(sent).toBe(true);
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'interrupted' } });
    expect(readdirSync(folder)).toEqual(before);
  });
});
