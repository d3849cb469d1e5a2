/** Icarus Verilog, where it is installed: it interprets events, knows of unknown bits (x), and is the slowest. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cachedFile } from '../build-cache.ts';
import type { RtlDesign } from '../rtl-design.ts';
import type { RtlSimulation, RtlSimulator } from '../rtl-simulator.ts';
import { ProcessSimulation } from './process-simulation.ts';
import { programVersion, runProgram } from './run-program.ts';

const version = programVersion('iverilog', '-V');
const testbench = fileURLToPath(new URL('./testbench.sv', import.meta.url));

export const icarus: RtlSimulator = {
  name: 'icarus',
  unavailable: version === undefined ? 'iverilog is not installed' : undefined,
  async open({ source, top }: RtlDesign): Promise<RtlSimulation> {
    const flags = ['-g2012', `-DDUT=${top}`, '-s', 'testbench'];
    const program = await cachedFile({
      name: `${top}.vvp`,
      madeFrom: [version ?? '', ...flags, await readFile(testbench, 'utf8'), source],
      async make(path) {
        const design = `${path}.sv`;
        await writeFile(design, source);
        try {
          await runProgram('iverilog', [...flags, '-o', path, testbench, design]);
        } finally {
          await rm(design);
        }
      },
    });
    return new ProcessSimulation('icarus', 'vvp', ['-n', program]);
  },
};
