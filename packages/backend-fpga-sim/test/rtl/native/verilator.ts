/** Verilator, where it and a C++ compiler are installed: the fastest to run, and the strictest reader. Its warnings refuse a design, but for those of widths. */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedFile } from '../build-cache.ts';
import type { RtlDesign } from '../rtl-design.ts';
import type { RtlSimulation, RtlSimulator } from '../rtl-simulator.ts';
import { ProcessSimulation } from './process-simulation.ts';
import { programVersion, runProgram } from './run-program.ts';

const version = programVersion('verilator', '--version');
const missing = ['g++', 'make'].filter((program) => programVersion(program, '--version') === undefined);
const testbench = fileURLToPath(new URL('./testbench.cc', import.meta.url));

/** The C++ compiler's level is low: runs are short, and it takes most of the time. */
const flags = ['--cc', '--exe', '--build', '-O3', '-Wno-WIDTH', '--prefix', 'Vdut', '-MAKEFLAGS', 'OPT_FAST=-O1'];

export const verilator: RtlSimulator = {
  name: 'verilator',
  unavailable:
    version === undefined
      ? 'verilator is not installed'
      : missing.length > 0
        ? `verilator needs ${missing.join(' and ')}`
        : undefined,
  async open({ source, top }: RtlDesign): Promise<RtlSimulation> {
    const program = await cachedFile({
      name: `${top}.verilated`,
      madeFrom: [version ?? '', ...flags, await readFile(testbench, 'utf8'), top, source],
      async make(path) {
        const folder = `${path}.build`;
        await mkdir(folder);
        try {
          const design = join(folder, 'design.sv');
          await writeFile(design, source);
          await runProgram('verilator', [...flags, '--top-module', top, '--Mdir', folder, testbench, design]);
          await copyFile(join(folder, 'Vdut'), path);
        } finally {
          await rm(folder, { recursive: true });
        }
      },
    });
    return new ProcessSimulation('verilator', program, []);
  },
};
