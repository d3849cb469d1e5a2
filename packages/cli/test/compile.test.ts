import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readProgram } from '@isinglass/sdk';
import { afterAll, describe, expect, it } from 'vitest';
import { isinglass, isinglassJson, modelFolder } from './isinglass.ts';

interface Compiled {
  readonly file: string;
  readonly programHash: string;
  readonly totals: { readonly freeSpins: number; readonly multiplyAdds: { readonly offloadedShare: number } };
}
interface ErrorDocument {
  readonly error: { readonly code: string; readonly message: string; readonly where: string | null };
}

const folder = mkdtempSync(join(tmpdir(), 'isinglass-compile-'));
afterAll(() => rmSync(folder, { recursive: true }));
const model = `${modelFolder}mnist-1block.onnx`;
const card = `${modelFolder}mnist-1block.card.json`;
const images = `${modelFolder}test-images.idx3.gz`;
const labels = `${modelFolder}test-labels.idx1.gz`;
const inFolder = (name: string) => join(folder, name);

describe('compile', () => {
  it('writes the same program for the flags of a card and for the card, and run classifies with it', async () => {
    const settings = ['--delta', '0.2', '--sweeps', '12', '--readout', 'conditional-sum'];
    const pixels = ['--input', 'u8', '--input-scale', '1/255', '--input-mean', '0.1307', '--input-std', '0.3081'];
    const [byCard, byFlags] = await Promise.all([
      isinglassJson<Compiled>(['compile', model, '-o', inFolder('card.isg'), '--card', card, ...settings]),
      isinglassJson<Compiled>(['compile', model, '-o', inFolder('flags.isg'), ...pixels, ...settings]),
    ]);
    expect([byCard.code, byFlags.code]).toEqual([0, 0]);
    expect(byCard.json).toMatchObject({ file: inFolder('card.isg'), totals: { freeSpins: 8232 } });
    expect(byFlags.json.programHash).toBe(byCard.json.programHash);
    expect(readProgram(new Uint8Array(readFileSync(inFolder('card.isg')))).hash).toBe(byCard.json.programHash);

    const { code, json } = await isinglassJson<Record<string, unknown>>([
      ...['run', inFolder('card.isg'), '--images', images, '--labels', labels, '--limit', '8'],
      ...['--compare', 'feed-forward,model', '--model', model, '--output', inFolder('logits.npy')],
    ]);
    expect(code).toBe(0);
    // The first eight images are not hard: the network has all of them right, and so has the program.
    expect(json).toMatchObject({ images: 8, accuracy: 1, feedForwardAccuracy: 1, modelAccuracy: 1, agreement: 1 });
    expect(json).toMatchObject({ sweeps: 12, chains: 1, delta: 0.2, programHash: byCard.json.programHash });
    expect(readFileSync(inFolder('logits.npy')).length).toBe(128 + 4 * 8 * 10);
  });

  it('a program without pixel input refuses u8 images, and says what to do', async () => {
    const compiled = await isinglassJson<Compiled>(['compile', model, '-o', inFolder('float.isg')]);
    expect(compiled.code).toBe(0);
    const { code, json } = await isinglassJson<ErrorDocument>(['run', inFolder('float.isg'), '--images', images]);
    expect(code).toBe(2);
    expect(json.error).toMatchObject({ code: 'invalid-request', message: expect.stringMatching(/--input u8/) });
  });

  it('run, inspect and print-program of a network say in one line which command compiles it', async () => {
    for (const found of await Promise.all(
      ['run', 'inspect', 'print-program'].map((name) => isinglass([name, model])),
    )) {
      expect(found).toMatchObject({ code: 2, stdout: '' });
      expect(found.stderr).toBe(
        `isinglass: ${model} is an ONNX network, not a program; ` +
          `compile it first: isinglass compile ${model} -o mnist-1block.isg\n`,
      );
    }
  });

  it('checks --device: the CPU takes the program, a profile with fewer spins does not, and then nothing is written', async () => {
    const listed = await isinglassJson<{ devices: { uri: string; profile: { spins: object } }[] }>(['devices']);
    const cpu = listed.json.devices.find(({ uri }) => uri === 'cpu')?.profile;
    const small = inFolder('small.profile.json');
    writeFileSync(small, JSON.stringify({ ...cpu, spins: { max: 1000, perTileMax: 'unlimited' } }));
    const [fits, doesNot] = await Promise.all([
      isinglass(['compile', model, '-o', inFolder('cpu.isg'), '--device', 'cpu']),
      isinglassJson<ErrorDocument>(['compile', model, '-o', inFolder('small.isg'), '--device', small]),
    ]);
    expect(fits.code).toBe(0);
    expect(fits.stdout).toContain(`wrote ${inFolder('cpu.isg')}`);
    expect(doesNot.code).toBe(1);
    expect(doesNot.json.error.code).toBe('does-not-fit');
    expect(readdirSync(folder)).not.toContain('small.isg');
  });

  it('refuses what is not a model, a missing model, and a place that cannot be written', async () => {
    const before = readdirSync(folder);
    const [notModel, missing, unwritable, contradiction] = await Promise.all([
      isinglassJson<ErrorDocument>(['compile', card, '-o', inFolder('x.isg')]),
      isinglassJson<ErrorDocument>(['compile', inFolder('none.onnx'), '-o', inFolder('x.isg')]),
      isinglassJson<ErrorDocument>(['compile', model, '-o', inFolder('no/x.isg')]),
      isinglassJson<ErrorDocument>(['compile', model, '-o', inFolder('x.isg'), '--card', card, '--input', 'u8']),
    ]);
    expect(notModel).toMatchObject({ code: 2, json: { error: { code: 'invalid-model' } } });
    expect(missing).toMatchObject({ code: 2, json: { error: { where: inFolder('none.onnx') } } });
    expect(unwritable).toMatchObject({ code: 2, json: { error: { where: inFolder('no/x.isg') } } });
    expect(contradiction).toMatchObject({ code: 2, json: { error: { where: '--card' } } });
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe('import-ising', () => {
  it('makes a program of an edge list that runs reproducibly and prints as text', async () => {
    const edges = inFolder('ring.txt');
    writeFileSync(edges, '# a ring\n0 1 1\n1 2 1\n2 3 1\n0 3 -1\n0 0.5\n');
    const file = inFolder('ring.isg');
    const imported = await isinglassJson<Record<string, unknown>>([
      'import-ising',
      edges,
      '--format',
      'edges',
      '-o',
      file,
    ]);
    expect(imported).toMatchObject({ code: 0, json: { spins: 4, couplings: 4, colors: 2, offset: 0 } });

    const run = (seed: string, name: string) =>
      isinglassJson(['run', file, '--limit', '64', '--sweeps', '21', '--seed', seed, '--output', inFolder(name)]);
    const [printed, first] = await Promise.all([
      isinglass(['print-program', file]),
      run('0xfeed', 'a.npy'),
      run('65261', 'b.npy'),
      run('1', 'c.npy'),
    ]);
    expect(printed.code).toBe(0);
    expect(printed.stdout).toContain('sparse');
    expect(first.json).toMatchObject({ images: 64, accuracy: null, delta: null });
    expect(readFileSync(inFolder('a.npy'))).toEqual(readFileSync(inFolder('b.npy')));
    expect(readFileSync(inFolder('a.npy'))).not.toEqual(readFileSync(inFolder('c.npy')));
  });
});
