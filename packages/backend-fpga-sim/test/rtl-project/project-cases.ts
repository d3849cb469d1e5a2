/** Projects that the tests share: one of each engine, small, and of a program with pinned spins and several couplings. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Program } from '@isinglass/sdk';
import { type RunData, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { onTestFinished } from 'vitest';
import { type RtlProject, type RtlTarget, rtlProject, rtlTarget } from '../../src/rtl/project/index.ts';

export interface ProjectCase {
  readonly program: Program;
  readonly target: RtlTarget;
  readonly run: RunData;
  readonly project: RtlProject;
}

/** The first one from a seed on that both engines take, of convolutions and matrices. */
export function layered(seed: number): Program {
  for (let n = 0; n < 200; n++) {
    const program = randomProgram({
      seed: 1000 * seed + n,
      ...{ freeSpinsMax: 90, pinnedSpinsMax: 40, forms: ['conv', 'dense'], temperature: 'schedule' },
    });
    if (joinsFreeSpins(program) && taken(program)) return program;
  }
  throw new RangeError(`no program from seed ${seed} on fits`);
}

/** And pinned ones to them. */
function joinsFreeSpins({ json }: Program): boolean {
  const [block] = json.stages;
  if (block?.kind !== 'block') return false;
  const pinned = new Set(block.banks.flatMap(({ id, role }) => (role === 'pinned' ? [id] : [])));
  const ends = block.couplings.map(({ from, to }) => Number(pinned.has(from)) + Number(pinned.has(to)));
  return ends.includes(0) && ends.includes(1);
}

function taken(program: Program): boolean {
  try {
    return rtlTarget(program, { engine: 'conv' }).engine === 'conv';
  } catch {
    return false;
  }
}

/** One image and one chain, with temperatures, so that there is an image of everything. */
export const oneRow = (program: Program, seed: number): RunData => {
  const run = randomRun(program, seed, { starts: ['random', 'given'], sweepsMax: 12, imagesMax: 1, chainsMax: 1 });
  return { ...run, temperatures: Uint32Array.from({ length: run.sweeps }, (_, n) => 65_536 - 997 * n) };
};

export async function projectCase(engine: 'lane' | 'conv', seed: number, device?: string): Promise<ProjectCase> {
  const program = layered(seed);
  const target = rtlTarget(program, { engine, ...(device === undefined ? {} : { device }) });
  const run = oneRow(program, seed);
  return { program, target, run, project: await rtlProject(program, target, run) };
}

/** Writes a project where no other is; the folder goes when the test is done. */
export function written({ files }: RtlProject): string {
  const folder = mkdtempSync(join(tmpdir(), 'isinglass-rtl-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [path, text] of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  return folder;
}

export function textOf({ files }: RtlProject, path: string): string {
  const text = files.get(path);
  if (text === undefined) throw new TypeError(`the project has no ${path}; it has ${[...files.keys()].join(', ')}`);
  return text;
}
