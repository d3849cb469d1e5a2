/** What is in a project: everything that its README and Makefile name, nothing of the machine it was written on, and a trace that is the law's. */
import { posix } from 'node:path';
import { Slicer } from '@isinglass/sdk/machine-driver';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { describe, expect, test } from 'vitest';
import { parseMachineUri } from '../../src/parameters/machine-uri.ts';
import { rtlProject } from '../../src/rtl/project/index.ts';
import { projectEngine } from '../../src/rtl/project/project-engine.ts';
import { type ProjectCase, projectCase, textOf } from './project-cases.ts';

/** The sums of a trace by update slot; slots without a line have 0. */
function sumsOf(trace: string, name: 'sum' | 'conditional-sum'): Int32Array {
  const lines = trace.split('\n').flatMap((line) => {
    const [what, slot, sum] = line.split(' ');
    return what === name ? [[Number(slot), Number(sum)] as const] : [];
  });
  const sums = new Int32Array((lines.at(-1)?.[0] ?? -1) + 1);
  for (const [slot, sum] of lines) sums[slot] = sum;
  return sums;
}

async function placedSums({ program, target, run, project }: ProjectCase): Promise<unknown> {
  const { engine } = projectEngine(parseMachineUri(target.device).parameters);
  const placed = await new Slicer([]).drain(engine.place(program, target.block));
  const trace = textOf(project, 'expected/trace.txt');
  return run.readouts.map(({ bank, observable }) => {
    if (observable === 'state') return null;
    const { first, count } = placed.slotsOf(bank);
    const values = sumsOf(trace, observable === 'spin-sum' ? 'sum' : 'conditional-sum').slice(first, first + count);
    const shape = target.block.banks.find(({ id }) => id === bank)?.shape ?? [];
    const into = new Int32Array(shape.reduce((product, size) => product * size, 1));
    placed.addSums(values, bank, into, 0);
    return into;
  });
}

describe.for(['lane', 'conv'] as const)('a project of the %s engine', (engine) => {
  test('expects the sums of the fixed law, where nobody asks for another machine', async () => {
    for (const seed of [1, 2, 3]) {
      const made = await projectCase(engine, seed);
      const readouts = made.run.readouts.map((readout) => ({ ...readout, as: 'sums' as const }));
      const result = runFixedLaw(made.program, { ...made.run, readouts });
      const sums = result.readouts.map((readout) => readout.sums ?? null);
      expect(await placedSums({ ...made, run: { ...made.run, readouts } })).toEqual(sums);
    }
  });

  test('has every file that its README and its Makefile name, and no other', async () => {
    const { project } = await projectCase(engine, 4);
    const links = [...textOf(project, 'README.md').matchAll(/\]\((?!https?:)([^)]+)\)/g)].map((match) => match[1]);
    const others = ['README.md'];
    expect(new Set([...links, ...others])).toEqual(new Set(project.files.keys()));
    const modules = [...textOf(project, 'Makefile').matchAll(/\b(?:rtl|tb)\/\w+\.sv\b/g)].map(([path]) => path);
    const sources = [...project.files.keys()].filter((path) => path.endsWith('.sv'));
    expect(new Set(modules)).toEqual(new Set(sources));
    const read = [...textOf(project, 'tb/testbench.sv').matchAll(/\$readmemh\("([^"]+)"/g)].map((match) => match[1]);
    const images = [...project.files.keys()].filter((path) => posix.dirname(path) === 'images');
    expect(new Set(read)).toEqual(new Set(images));
  });

  test('names every parameter, register and bank, and its device is the machine that was asked for', async () => {
    const { project, target } = await projectCase(engine, 5);
    const readme = textOf(project, 'README.md');
    for (const { id } of target.block.banks) expect(readme).toContain(`| ${id} |`);
    for (const name of ['`spins`', '`rng`', '`COMMAND`', '`CYCLES_RNG_STALL`', '`SUMS`', target.device])
      expect(readme).toContain(name);
    expect(readme).not.toMatch(/undefined|\[object|NaN/);
  });

  test('ends every file with a newline, and says nothing of where it was written', async () => {
    const { project } = await projectCase(engine, 6);
    for (const [path, text] of project.files) {
      expect({ path, ends: text.at(-1) }).toEqual({ path, ends: '\n' });
      expect({ path, found: text.match(/\/(?:tmp|home|root|work|Users|mnt)\/|[A-Z]:\\/)?.[0] }).toEqual({ path });
    }
  });

  test('is the same for the same program, machine and run, and another for another seed', async () => {
    const { program, target, run, project } = await projectCase(engine, 7);
    expect((await rtlProject(program, target, run)).files).toEqual(project.files);
    const other = await rtlProject(program, target, { ...run, seed: run.seed ^ 1n });
    expect(textOf(other, 'expected/trace.txt')).not.toBe(textOf(project, 'expected/trace.txt'));
    expect(other.files.get('rtl/isinglass_machine.sv')).toBe(project.files.get('rtl/isinglass_machine.sv'));
  });
});

test('an aborted signal ends the work with its reason', async () => {
  const { program, target, run } = await projectCase('lane', 8);
  const reason = new Error('enough');
  const signal = AbortSignal.abort(reason);
  await expect(
    rtlProject(program, target, { ...run, sweeps: 10_000_000, temperatures: null }, { signal }),
  ).rejects.toBe(reason);
});
