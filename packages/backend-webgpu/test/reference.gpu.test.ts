/**
 * Bit for bit what the sdk's scalar machine of the fixed law gives: every sum, sign, state, trace, last state and flip of generated programs over
 * everything that the representation can say, on kernels of both ways to multiply and of several sizes of workgroups, small blocks in dispatches of
 * many sweeps and color by color.
 *
 *     ISINGLASS_GPU_PROGRAMS=…   programs on each device, default 16: some seconds on a software adapter
 *     ISINGLASS_GPU_SEED=…       the first of their seeds, default 0
 */
import type { Program } from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import {
  programFamilies,
  type RandomRunOptions,
  type RunOutcome,
  randomProgram,
  randomRun,
  runOutcome,
} from '@isinglass/sdk/testing';
import { expectOutcome } from './expect-outcome.ts';
import { driverTest } from './support/driver-test.ts';

const count = Number(process.env.ISINGLASS_GPU_PROGRAMS ?? 16);
const firstSeed = Number(process.env.ISINGLASS_GPU_SEED ?? 0);

const devices = [
  'webgpu?products=packed',
  'webgpu?products=planes&fuse=nothing',
  'webgpu?products=packed&fuse=nothing&workgroup=32',
  'webgpu?products=planes&workgroup=256',
];

const makers: readonly ((seed: number) => Program)[] = [
  (seed) => randomProgram({ seed, blocks: 2 }),
  (seed) => randomProgram({ seed, strength: 3 }),
  programFamilies.convolutions,
  programFamilies.layers,
  // Single spins, empty rows, maps of one pixel.
  (seed) => randomProgram({ seed, freeSpinsMax: 12, pinnedSpinsMax: 6 }),
  programFamilies.lattice,
  programFamilies.irregularGraph,
  (seed) => randomProgram({ seed, temperature: 'schedule' }),
];

/** From a single row to more rows than a workgroup has invocations. */
const rows: readonly RandomRunOptions[] = [
  { imagesMax: 4, chainsMax: 3 },
  { imagesMax: 70, chainsMax: 1, sweepsMax: 3 },
  { imagesMax: 1, chainsMax: 40, sweepsMax: 3 },
  { imagesMax: 1, chainsMax: 1, sweepsMax: 12 },
];

interface Case {
  readonly name: string;
  readonly program: Program;
  readonly run: ReturnType<typeof randomRun>;
  readonly expected: RunOutcome;
}

const known = new Map<number, Case>();

/** Computed by the witness when the first device asks. */
async function caseOf(seed: number): Promise<Case> {
  const found = known.get(seed);
  if (found !== undefined) return found;
  const program = (makers[seed % makers.length] as (typeof makers)[number])(seed);
  const run = randomRun(program, seed, rows[Math.floor(seed / makers.length) % rows.length]);
  const expected = await runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
  const made = { name: `seed ${seed}: ${program.json.name}, ${run.start.kind}`, program, run, expected };
  known.set(seed, made);
  return made;
}

driverTest.for(devices)(
  `%s gives what the reference gives: ${count} programs from seed ${firstSeed}`,
  { timeout: 20_000 + 4000 * count },
  async (uri, { open }) => {
    const { driver } = await open(uri);
    for (let seed = firstSeed; seed < firstSeed + count; seed++) await expectOutcome(driver, await caseOf(seed));
  },
);
