/**
 * Generated programs over everything that the representation can say, each with a run and what the sdk's scalar machine of the fixed law gives for it.
 *
 *     ISINGLASS_GPU_PROGRAMS=…   programs, default 72: half a minute to two on a software adapter
 *     ISINGLASS_GPU_SEED=…       the first of their seeds, default 0
 */
import type { Program } from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import {
  Dice,
  pickRows,
  programFamilies,
  type RandomRunOptions,
  type RunData,
  type RunOutcome,
  randomProgram,
  randomRun,
  runOutcome,
} from '@isinglass/sdk/testing';

/** Every kind of program with every kind of rows, twice. */
export const programsByDefault = 72;

const count = Number(process.env.ISINGLASS_GPU_PROGRAMS ?? programsByDefault);
const firstSeed = Number(process.env.ISINGLASS_GPU_SEED ?? 0);

/** Those that are asked for. */
export const seeds: readonly number[] = Array.from({ length: count }, (_, n) => firstSeed + n);
/** In the names of tests. */
export const programsAsked = `${count} programs from seed ${firstSeed}`;

/** A program and a run of one of its blocks. */
export interface GeneratedRun {
  readonly seed: number;
  readonly name: string;
  readonly program: Program;
  readonly run: RunData;
}

/** A run that goes on from the last state of another: from these rows of it. */
export interface NextRun {
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Started from the same rows, given. */
  readonly run: RunData;
  readonly expected: RunOutcome;
}

export interface GeneratedCase extends GeneratedRun {
  /** Traced. */
  readonly expected: RunOutcome;
  /** For a third of the programs. */
  readonly next: NextRun | null;
}

const makers: readonly ((seed: number) => Program)[] = [
  (seed) => randomProgram({ seed, blocks: 2 }),
  // Geometries that the larger ones below do not have.
  (seed) => randomProgram({ seed, strength: 3, forms: ['conv', 'diagonal'] }),
  programFamilies.convolutions,
  programFamilies.layers,
  // Single spins, empty rows, maps of one pixel.
  (seed) => randomProgram({ seed, freeSpinsMax: 12, pinnedSpinsMax: 6 }),
  programFamilies.lattice,
  programFamilies.irregularGraph,
  (seed) => randomProgram({ seed, temperature: 'schedule' }),
  programFamilies.mixed,
];

/** From a single row to more rows than a workgroup has invocations. */
const shapes: readonly RandomRunOptions[] = [
  { imagesMax: 4, chainsMax: 3 },
  { imagesMax: 70, chainsMax: 1, sweepsMax: 3 },
  { imagesMax: 1, chainsMax: 40, sweepsMax: 3 },
  { imagesMax: 1, chainsMax: 1, sweepsMax: 12 },
];

export function generatedRun(seed: number): GeneratedRun {
  const program = (makers[seed % makers.length] as (typeof makers)[number])(seed);
  const run = randomRun(program, seed, shapes[Math.floor(seed / makers.length) % shapes.length]);
  return { seed, name: `seed ${seed}: ${program.json.name}, ${run.start.kind}`, program, run };
}

/** Whether the case has a run that goes on. */
export const goesOn = (seed: number): boolean => new Dice(seed, 30).chance(1 / 3);

const known = new Map<number, Promise<GeneratedCase>>();

/** Computed when it is first asked for. */
export function generatedCase(seed: number): Promise<GeneratedCase> {
  const found = known.get(seed) ?? computed(generatedRun(seed));
  known.set(seed, found);
  return found;
}

async function computed(made: GeneratedRun): Promise<GeneratedCase> {
  const { seed, program, run } = made;
  const expected = await witnessed(program, run);
  return { ...made, expected, next: goesOn(seed) ? await nextRun(made, expected) : null };
}

async function nextRun({ seed, program, run }: GeneratedRun, { last }: RunOutcome): Promise<NextRun> {
  const dice = new Dice(seed, 31);
  const length = run.images.length * run.chains;
  const chosen = Uint32Array.from({ length }, () => dice.integer(0, length - 1));
  const states = pickRows(last ?? {}, chosen);
  const next: RunData = { ...run, sweepOffset: 99, start: { kind: 'given', states } };
  return { rows: chosen, run: next, expected: await witnessed(program, next) };
}

function witnessed(program: Program, run: RunData): Promise<RunOutcome> {
  return runOutcome((trace) => runFixedLaw(program, { ...run, trace }));
}
