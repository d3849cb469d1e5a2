/** A project of SystemVerilog: the files of a machine, a run of a block on it, and what the emulator saw of that run. */
import { InvalidRequestError, type Program } from '@isinglass/sdk';
import { Slicer } from '@isinglass/sdk/machine-driver';
import { parseMachineUri } from '../../parameters/machine-uri.ts';
import { imageFiles } from './image-files.ts';
import { type MachineJob, machineJob, type RtlRun } from './machine-job.ts';
import { machineTrace } from './machine-trace.ts';
import { makefile } from './makefile.ts';
import { moduleFiles } from './module-files.ts';
import { projectEngine } from './project-engine.ts';
import { projectReadme } from './project-readme.ts';
import type { RtlTarget } from './rtl-target.ts';
import { testbench, testbenchPath, tracePath } from './testbench.ts';

/** How a project is made. */
export interface RtlProjectOptions {
  /** Ends the work between two slices. */
  readonly signal?: AbortSignal;
}

/** A project, as files. */
export interface RtlProject {
  /** Path, with `/`, to text that ends with a newline. */
  readonly files: ReadonlyMap<string, string>;
  /** What the run takes on the machine. */
  readonly cycles: number;
  /** Of the run. */
  readonly sweeps: number;
}

const top = 'isinglass_machine';

/**
 * Pure: the same program, target and run give the same files. Throws InvalidRequestError for a run that the machine does not take; rejects with the reason of an
 * aborted signal.
 */
export async function rtlProject(
  program: Program,
  target: RtlTarget,
  run: RtlRun,
  o: RtlProjectOptions = {},
): Promise<RtlProject> {
  const signal = o.signal ?? new AbortController().signal;
  const { parameters } = parseMachineUri(target.device);
  const engine = projectEngine(parameters);
  if (run.temperatures !== null && engine.engine.temperatureDepth < 1) {
    throw new InvalidRequestError('the run has temperatures, the machine takes none: &temperatureSweeps=', {
      where: 'temperatures',
    });
  }
  const job = await machineJob({ program, block: target.block, engine, run, signal });
  const trace = await emulated(engine.engine.build(), job, signal);
  const modules = moduleFiles(engine.source());
  const files = new Map([
    ['README.md', projectReadme({ program, target, parameters, engine, modules, job, trace })],
    ['Makefile', makefile({ modules: modules.map(({ path }) => path), top, families: engine.families })],
    ...modules.map(({ path, text }) => [path, text] as const),
    [testbenchPath, testbench({ job, trace, top })],
    ...imageFiles(job, engine.bitFields),
    [tracePath, `${trace.lines.join('\n')}\n`],
  ]);
  return { files, cycles: trace.cycles, sweeps: run.sweeps };
}

async function emulated(
  machine: Parameters<typeof machineTrace>[0],
  job: MachineJob,
  signal: AbortSignal,
): ReturnType<typeof machineTrace> {
  try {
    return await machineTrace(machine, job, new Slicer([signal]));
  } finally {
    machine.end();
  }
}
