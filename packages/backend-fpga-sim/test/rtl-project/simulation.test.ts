/**
 * The README of a written project, followed to the letter: its commands do what it says. Where a tool is not installed, that part is skipped with the reason; the
 * same sources, images and expected lines are run in the simulator that comes from npm alone, anywhere.
 */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Slicer } from '@isinglass/sdk/machine-driver';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Hardware, windows, wordsPerWindow } from '../../src/host/hardware.ts';
import { parseMachineUri } from '../../src/parameters/machine-uri.ts';
import { machineJob } from '../../src/rtl/project/machine-job.ts';
import { machineTrace } from '../../src/rtl/project/machine-trace.ts';
import { projectEngine } from '../../src/rtl/project/project-engine.ts';
import type { RtlProject } from '../../src/rtl/project/rtl-project.ts';
import { programVersion } from '../rtl/native/run-program.ts';
import { cxxrtl } from '../rtl/wasm/cxxrtl.ts';
import { type ProjectCase, projectCase, textOf, written } from './project-cases.ts';

/** Liveness: two compilers, and others compile beside them. */
const timeout = 600_000;

const missing = (...programs: string[]): string | undefined => {
  const none = programs.filter((program) => programVersion(program, '--version') === undefined);
  return none.length === 0 ? undefined : `${none.join(' and ')} not installed`;
};
const noIcarus = missing('make', 'iverilog', 'vvp');
const noVerilator = missing('make', 'verilator', 'g++');
const noMake = missing('make');
for (const reason of new Set([noIcarus, noVerilator, noMake]))
  if (reason !== undefined) console.warn(`skipped: ${reason}`);

const everyEngine = process.env.ISINGLASS_RTL_SYNTHESIS === 'all';

/** Small and of cheap parts: what the tests build often. */
const smallLanes =
  'fpga-sim:toy?lanes=2&couplingsPerLane=2&rng=lfsr32&spins=256&degree=512&colors=8&couplingSlots=8192&format=s5.12&activation=table&tableEntries=64&temperatureSweeps=16&accumulatorBits=24';
/** What Yosys maps to three families of parts in a minute or two. */
const oneLane = smallLanes
  .replace('lanes=2&couplingsPerLane=2&rng=lfsr32', 'lanes=1&rng=xorshift32')
  .replace('tableEntries=64', 'tableEntries=16');
const oneSampler =
  'fpga-sim:conv-s?channels=1&taps=2&pixels=2&samplers=1&spins=128&degree=4096&colors=64&weightMemoryKiB=4&format=s5.12&activation=table&tableEntries=16&rng=lfsr32&temperatureSweeps=16&accumulatorBits=24&counterBits=13';
const cases = [
  ['lane', smallLanes],
  ['conv', undefined],
] as const;

interface Finished {
  readonly code: number | string;
  readonly said: string;
}

/** A line of a shell, as the README has it. `path`: a folder whose programs come first. */
function sh(line: string, cwd: string, path = ''): Promise<Finished> {
  const env = { ...process.env, PATH: `${path}${delimiter}${process.env.PATH}` };
  return new Promise((resolve) => {
    execFile('sh', ['-c', line], { cwd, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? 1), said: `${stdout}${stderr}` });
    });
  });
}

/** The command of the README's block that has these words; throws where there is none. */
function commandOf(project: RtlProject, words: string): string {
  const blocks = [...textOf(project, 'README.md').matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  const found = blocks.find((block) => block.includes(words));
  if (found === undefined) throw new TypeError(`no block of the README has ${words}`);
  return found;
}

describe.for(cases)('a project of the %s engine', ([engine, device]) => {
  test.skipIf(noIcarus !== undefined)('passes in Icarus Verilog, and cleans up', { timeout }, async () => {
    const { project } = await projectCase(engine, 11, device);
    const folder = written(project);
    const { code, said } = await sh(commandOf(project, 'icarus'), folder);
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringMatching(/^PASS: \d+ lines/m) });
    expect(said).toContain(textOf(project, 'expected/trace.txt'));
    expect(readFileSync(join(folder, 'build/trace.txt'), 'utf8')).toBe(textOf(project, 'expected/trace.txt'));
    expect((await sh(commandOf(project, 'clean'), folder)).code).toBe(0);
    expect(existsSync(join(folder, 'build'))).toBe(false);
  });

  test.skipIf(noVerilator !== undefined)('passes in Verilator', { timeout }, async () => {
    const { project } = await projectCase(engine, 12, device);
    const { code, said } = await sh(commandOf(project, 'verilator'), written(project));
    expect({ code, said }).toMatchObject({ code: 0, said: expect.stringMatching(/^PASS: \d+ lines/m) });
    expect(said).toContain(textOf(project, 'expected/trace.txt'));
  });

  test('shows the expected lines in the simulator from npm: the same modules, the same images', {
    timeout,
  }, async () => {
    const made = await projectCase(engine, 13, device);
    const simulation = await cxxrtl.open({ source: sourceOf(made.project), top: 'isinglass_machine' });
    onTestFinished(() => simulation.end());
    const lines = await linesOf(made, simulation);
    expect(`${lines.join('\n')}\n`).toBe(textOf(made.project, 'expected/trace.txt'));
  });

  test.skipIf(noIcarus !== undefined)(
    'a break in a module is a FAIL, and so is one in an image',
    { timeout },
    async () => {
      const { project } = await projectCase(engine, 14, device);
      const module = engine === 'lane' ? 'rtl/lane.sv' : 'rtl/conv_samplers.sv';
      // A bias against what the first spin does.
      const down = !/ -/.test(/^sum 0 .*$/m.exec(textOf(project, 'expected/trace.txt'))?.[0] ?? '');
      for (const [path, before, after] of [
        [module, '< threshold', '>= threshold'],
        ['images/biases.hex', /^[0-9a-f]{8}/m, down ? 'fff00000' : '00100000'],
      ] as const) {
        const folder = written(project);
        const text = textOf(project, path);
        const broken = text.replace(before, after);
        expect(broken).not.toBe(text);
        writeFileSync(join(folder, path), broken);
        const { code, said } = await sh(commandOf(project, 'icarus'), folder);
        expect({ path, code: code === 0, said }).toEqual({
          path,
          code: false,
          said: expect.stringContaining('FAIL: '),
        });
        expect(said).toContain('differs, expected: ');
        expect(said).not.toContain('PASS');
      }
    },
  );
});

describe.skipIf(noMake !== undefined)('Yosys counts the cells of a machine on every part of the Makefile', () => {
  const engines = [
    ['lane', oneLane, ['SB_LUT4', 'TRELLIS_FF', 'LUT6']],
    ['conv', oneSampler, ['LUT6', 'RAM64M', 'FDRE']],
  ] as const;
  // A convolution engine takes one more minute or two, and its modules are read and simulated above: by command.
  test.for(engines.filter(([engine]) => engine === 'lane' || everyEngine))('%s engine', { timeout }, async (each) => {
    const [engine, device, cells] = each;
    const { project } = await projectCase(engine, 15, device);
    const folder = written(project);
    // The tool from npm in the place of an installed one.
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    const yosys = fileURLToPath(new URL('./yosys-from-npm.ts', import.meta.url));
    writeFileSync(join(programs, 'yosys'), `#!/bin/sh\nexec '${process.execPath}' '${yosys}' "$@"\n`);
    chmodSync(join(programs, 'yosys'), 0o755);
    const { code, said } = await sh(commandOf(project, 'yosys'), folder, programs);
    expect({ code, said }).toMatchObject({ code: 0 });
    for (const cell of cells) expect(said).toMatch(new RegExp(`\\b${cell}\\b`));
    expect((await sh(commandOf(project, 'clean'), folder)).code).toBe(0);
    expect(existsSync(join(folder, 'build'))).toBe(false);
  });
});

const sourceOf = ({ files }: RtlProject): string =>
  [...files].flatMap(([path, text]) => (path.startsWith('rtl/') ? [text] : [])).join('\n');

/** What the testbench would do, with the words that are in the files instead of those that they were made of. */
async function linesOf({ program, target, run, project }: ProjectCase, machine: Hardware): Promise<readonly string[]> {
  const engine = projectEngine(parseMachineUri(target.device).parameters);
  const { signal } = new AbortController();
  const job = await machineJob({ program, block: target.block, engine, run, signal });
  const loads = [
    ...textOf(project, 'tb/testbench.sv').matchAll(
      /\$readmemh\("([^"]+)", image, 0, \d+\);\s*write_image\(32'h([0-9a-f]+), (\d+)\)/g,
    ),
  ];
  expect(loads.length).toBe(job.images.length);
  const images = loads.map(([, path = '', at = '', count], n) => {
    const words = hexWords(textOf(project, path));
    expect({ path, words: words.length }).toEqual({ path, words: Number(count) });
    const address = Number.parseInt(at, 16);
    const image = job.images[n];
    if (image === undefined || windows[image.window] !== Math.floor(address / wordsPerWindow)) {
      throw new TypeError(`${path} goes to another window than its words`);
    }
    return { ...image, offset: address % wordsPerWindow, words };
  });
  const temperatures = hexWords(textOf(project, 'images/temperatures.hex'));
  const { lines } = await machineTrace(machine, { ...job, images, temperatures }, new Slicer([signal]));
  return lines;
}

const hexWords = (text: string): Uint32Array =>
  Uint32Array.from(
    text
      .replaceAll(/\/\/.*$/gm, '')
      .split(/\s+/)
      .filter((word) => word !== ''),
    (word) => Number.parseInt(word, 16),
  );
