import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Block, blockLayout, readProgram } from '@isinglass/sdk';
import { afterAll, describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../src/images/npy.ts';
import { isinglass, isinglassJson, vectorFolder } from './isinglass.ts';

interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly where: string | null;
    readonly diagnostics: readonly { readonly code: string }[];
  };
}
interface Written {
  readonly folder: string;
  readonly device: string;
  readonly block: string;
  readonly sweeps: number;
  readonly cycles: number;
  readonly files: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), 'isinglass-cli-rtl-'));
afterAll(() => rmSync(folder, { recursive: true }));
const inFolder = (name: string): string => join(folder, name);
/** No input: 16 spins that are coupled among themselves. */
const glass = `${vectorFolder}glass-2-colors.isg`;
/** Spins in, spins out: 32 pinned and 96 free spins. */
const spinProgram = `${vectorFolder}feed-forward.isg`;

const rtl = (file: string, output: string, ...flags: string[]) =>
  isinglassJson<Written>(['rtl', file, '--engine', 'lane', '-o', output, ...flags]);
const refused = (file: string, output: string, ...flags: string[]) =>
  isinglassJson<ErrorDocument>(['rtl', file, '--engine', 'lane', '-o', output, ...flags]);

const words = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .replaceAll(/\/\/.*$/gm, '')
    .split(/\s+/)
    .flatMap((word) => (word === '' ? [] : [Number.parseInt(word, 16)]));

/** By spinIndex: the sums that a project of a lane engine expects. */
function expectedSums(project: string): ReadonlyMap<number, number> {
  const spins = words(join(project, 'images/spin-indices.hex'));
  const lines = readFileSync(join(project, 'expected/trace.txt'), 'utf8').split('\n');
  return new Map(
    lines.flatMap((line) => {
      const [name, slot, sum] = line.split(' ');
      return name === 'sum' ? [[spins[Number(slot)] as number, Number(sum)] as const] : [];
    }),
  );
}

/** Processes of their own, several at a time, while other tests have theirs. */
describe('rtl', { timeout: 120_000 }, () => {
  it('writes a project, says which, and does it again over its own', async () => {
    const output = inFolder('glass');
    const { code, json } = await rtl(glass, output, '--sweeps', '5');
    expect(code).toBe(0);
    expect(json).toMatchObject({ folder: output, engine: 'lane', block: 'block', sweeps: 5 });
    expect(json.device).toMatch(/^fpga-sim:toy\?/);
    for (const file of json.files) expect(existsSync(join(output, file))).toBe(true);
    expect(json.files).toEqual(
      expect.arrayContaining([
        'README.md',
        'Makefile',
        'rtl/isinglass_machine.sv',
        'tb/testbench.sv',
        'expected/trace.txt',
      ]),
    );

    // What `make` makes is nobody's work.
    mkdirSync(join(output, 'build'));
    writeFileSync(join(output, 'build', 'icarus.vvp'), '');
    const again = await isinglass([
      'rtl',
      glass,
      '--engine',
      'lane',
      '-o',
      output,
      '--device',
      json.device,
      '--seed',
      '9',
    ]);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain(`wrote ${output}`);
    expect(existsSync(join(output, 'build'))).toBe(false);
    expect(readdirSync(folder)).toEqual(['glass']);
  });

  it('leaves a folder alone that holds anything of somebody else, or that was changed', async () => {
    const foreign = inFolder('thesis');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'chapter.tex'), 'chapter 1');
    const own = inFolder('own');
    expect((await rtl(glass, own, '--sweeps', '1')).code).toBe(0);
    const added = inFolder('added');
    expect((await rtl(glass, added, '--sweeps', '1')).code).toBe(0);
    writeFileSync(join(added, 'rtl', 'mine.sv'), 'module mine; endmodule\n');
    writeFileSync(join(own, 'rtl', 'lane.sv'), '// better\n');
    const found = await Promise.all([
      refused(glass, foreign),
      refused(glass, own),
      refused(glass, added),
      refused(glass, join(foreign, 'chapter.tex')),
      refused(glass, inFolder('no/such/folder')),
      refused(glass, '.'),
    ]);
    expect(found.map(({ code, json }) => [code, json.error.code])).toEqual(found.map(() => [2, 'invalid-request']));
    const messages = found.map(({ json }) => json.error.message);
    expect(messages[0]).toMatch(/not empty/);
    expect(messages[1]).toMatch(/rtl\/lane\.sv changed/);
    expect(messages[2]).toMatch(/rtl\/mine\.sv/);
    expect(messages[3]).toMatch(/is a file/);
    expect(messages[4]).toMatch(/there is no folder/);
    expect(messages[5]).toMatch(/working directory/);
    expect(readdirSync(foreign)).toEqual(['chapter.tex']);
    expect(readFileSync(join(own, 'rtl', 'lane.sv'), 'utf8')).toBe('// better\n');
    // An empty folder is as good as none.
    const empty = inFolder('empty');
    mkdirSync(empty);
    expect((await rtl(glass, empty, '--sweeps', '1')).code).toBe(0);
  });

  it('pins what the program pins for the first image: the signs of its sums are those of `run`', async () => {
    const images = inFolder('spins.npy');
    writeFileSync(
      images,
      writeNpy({ shape: [2, 2, 4, 4], data: Float32Array.from({ length: 64 }, (_, i) => ((i * 7) % 5 > 1 ? 1 : -1)) }),
    );
    const flags = ['--images', images, '--seed', '5', '--sweeps', '21'];
    const output = inFolder('pinned');
    const npy = inFolder('signs.npy');
    const [written, ran] = await Promise.all([
      rtl(spinProgram, output, ...flags),
      isinglassJson(['run', spinProgram, ...flags, '--limit', '1', '--chains', '1', '--output', npy]),
    ]);
    expect([written.code, ran.code]).toEqual([0, 0]);
    const program = readProgram(new Uint8Array(readFileSync(spinProgram)));
    const block = program.json.stages.find((stage): stage is Block => stage.kind === 'block') as Block;
    const [value] = program.json.outputs;
    const readout = block.readouts.find((each) => each.signs === value?.name);
    expect(readout?.observable).toBe('spin-sum');
    const bank = blockLayout(block).find((each) => each.bank.id === readout?.bank);
    const sums = expectedSums(output);
    const signs = Array.from({ length: bank?.spinCount ?? 0 }, (_, spin) => {
      const sum = sums.get((bank?.offset ?? 0) + spin) ?? Number.NaN;
      return sum === 0 ? readout?.tie : Math.sign(sum);
    });
    expect(signs).toEqual(Array.from(readNpy(readFileSync(npy), npy).data, Number));
    // Other spins, other sums.
    const noise = inFolder('noise');
    expect((await rtl(spinProgram, noise, ...flags.slice(2))).code).toBe(0);
    expect(expectedSums(noise)).not.toEqual(sums);
  });

  it('takes a block of several, and refuses a program that says too little or follows the real law', async () => {
    const two = `${vectorFolder}reject/control-blocks.isg`;
    const ids = readProgram(new Uint8Array(readFileSync(two))).json.stages.map(({ id }) => id);
    const real = inFolder('real.isg');
    const edges = inFolder('edges.txt');
    writeFileSync(edges, '0 1 0.5\n1 2 -0.5\n');
    const imported = await isinglass(['import-ising', edges, '--format', 'edges', '--law', 'real', '-o', real]);
    expect(imported.code).toBe(0);
    const [none, unknown, second, ofReal] = await Promise.all([
      refused(two, inFolder('none')),
      refused(two, inFolder('unknown'), '--block', 'nothing'),
      rtl(two, inFolder('second'), '--block', ids[1] ?? '', '--sweeps', '4'),
      refused(real, inFolder('of-real')),
    ]);
    expect([none.code, unknown.code, second.code, ofReal.code]).toEqual([2, 2, 0, 1]);
    for (const id of ids) expect(none.json.error.message).toContain(id);
    expect(unknown.json.error.message).toContain('nothing');
    expect(second.json.block).toBe(ids[1]);
    expect(ofReal.json.error).toMatchObject({ code: 'unsupported', message: expect.stringMatching(/--law fixed/) });
    for (const name of ['none', 'unknown', 'of-real']) expect(existsSync(inFolder(name))).toBe(false);
  });

  it('takes a machine of the engine that is named, if the block fits', async () => {
    const device = 'fpga-sim:toy?lanes=4&rng=xoshiro128pp&format=s5.9';
    const [fits, tight, other, odd] = await Promise.all([
      rtl(glass, inFolder('fits'), '--device', device, '--sweeps', '2'),
      refused(glass, inFolder('tight'), '--device', 'fpga-sim:toy?spins=8&degree=2'),
      refused(glass, inFolder('other'), '--device', 'fpga-sim:conv-s'),
      refused(glass, inFolder('odd'), '--device', 'fpga-sim:toy?lanes=6&format=s5.9'),
    ]);
    expect(fits).toMatchObject({ code: 0, json: { device } });
    expect(tight).toMatchObject({ code: 1, json: { error: { code: 'does-not-fit' } } });
    expect(tight.json.error.diagnostics.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['spins.max', 'couplings.degreeMax', 'field.fractionBits.max']),
    );
    expect(other).toMatchObject({ code: 2, json: { error: { where: 'engine' } } });
    expect(odd).toMatchObject({ code: 2, json: { error: { where: 'lanes' } } });
  });

  it('where the package is not installed, says what to install, and writes nothing', async () => {
    const elsewhere = inFolder('elsewhere');
    mkdirSync(elsewhere);
    const { code, json } = await isinglassJson<ErrorDocument>(['rtl', glass, '--engine', 'lane', '-o', 'out'], {
      cwd: elsewhere,
    });
    expect(code).toBe(2);
    expect(json.error.message).toContain('npm install @isinglass/backend-fpga-sim');
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});
