/** Generated cases, and the machines that they are run on. */
import type { DeviceProfile, Driver, LoadedProgram, Program } from '@isinglass/sdk';
import type { ExactCase } from '../../exactness/exact-case.ts';
import { randomProgram } from '../../exactness/random-program.ts';
import { randomRun } from '../../exactness/random-run.ts';
import { Lab } from '../../lab/lab.ts';
import { FixedMachine } from '../../oracle/fixed-machine.ts';
import type { RandomStream } from '../../random/random-stream.ts';
import { TooFewSamples } from '../check.ts';

/** Runs of each program: blocks differ. */
export const runsPerProgram = 2;

/** Programs that a device may refuse, for placements that profiles do not describe, before it counts as too many. */
const refusalsMax = 20;

export interface GeneratedProgram {
  readonly program: Program;
  readonly runs: readonly ExactCase[];
}

/** A program that the profile and the device's own plan admit, and runs of it. Throws TooFewSamples where none is found. */
export function generatedProgram(
  driver: Driver,
  random: RandomStream,
  o: { readonly law: 'fixed' | 'real'; readonly profile: DeviceProfile },
): GeneratedProgram {
  for (let n = 0; n < refusalsMax; n++) {
    const stream = random.fork(`refusal ${n}`);
    const program = randomProgram(stream, o);
    const plan = driver.plan(program);
    if (!('blocks' in plan)) continue;
    const runs = Array.from({ length: runsPerProgram }, (_, k) => ({
      program,
      run: randomRun(program, stream.fork(`run ${k}`), o),
    }));
    return { program, runs };
  }
  throw new TooFewSamples(`the device refuses ${refusalsMax} random programs that are within its profile`);
}

/** The suite's own machine, whose limits are none. */
export function lawMachine(): Lab {
  return new Lab(new FixedMachine(), { deadlineMs: 2 ** 31 - 1 });
}

/** Loads, uses and unloads. */
export async function withLoaded<T>(
  lab: Lab,
  program: Program,
  use: (loaded: LoadedProgram) => Promise<T>,
): Promise<T> {
  const loaded = await lab.load(program);
  try {
    return await use(loaded);
  } finally {
    await lab.unload(loaded);
  }
}
