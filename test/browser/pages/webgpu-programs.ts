/** Generated programs on `webgpu`, or by the reference: the same function in a page and in Node. */
import webgpu from '@isinglass/backend-webgpu';
import { type DriverResult, type DriverRun, type PackedSpins, silentLogger } from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { programFamilies, type RunData, randomProgram, randomRun, traceRowHashes } from '@isinglass/sdk/testing';

const makers = [
  (seed: number) => randomProgram({ seed, blocks: 2 }),
  (seed: number) => randomProgram({ seed, strength: 3 }),
  programFamilies.convolutions,
  programFamilies.layers,
  programFamilies.lattice,
  programFamilies.irregularGraph,
  (seed: number) => randomProgram({ seed, temperature: 'schedule' }),
];

/** Everything that a run gives, as what can be cloned. */
export interface ProgramOutcome {
  readonly name: string;
  readonly readouts: readonly (readonly number[])[];
  readonly last: readonly number[];
  readonly flips: number | undefined;
  /** Of every sweep and row. */
  readonly trace: readonly (readonly string[])[];
}

/** Why the page has no GPU; null: it has one. */
export async function whyNoGpu(): Promise<string | null> {
  const [info] = await webgpu.enumerate();
  if (info === undefined) throw new Error('the backend lists nothing');
  return info.available ? null : info.reason;
}

/** Of the programs with these seeds, each traced, and expected to be the same untraced. */
export async function webgpuOutcomes(uri: string, seeds: readonly number[]): Promise<readonly ProgramOutcome[]> {
  const driver = await webgpu.open(uri, { logger: silentLogger });
  try {
    const outcomes: ProgramOutcome[] = [];
    for (const seed of seeds) {
      const { name, program, run } = caseOf(seed);
      const loaded = await driver.load(program, {});
      const complete: DriverRun = { ...run, signal: new AbortController().signal };
      const traced = await outcomeOf(name, (trace) => loaded.run({ ...complete, trace }));
      const untraced = await outcomeOf(name, () => loaded.run(complete));
      if (JSON.stringify({ ...untraced, trace: traced.trace }) !== JSON.stringify(traced)) {
        throw new Error(`${name}: a trace makes a difference`);
      }
      outcomes.push(traced);
      await loaded.unload();
    }
    return outcomes;
  } finally {
    await driver.close();
  }
}

export function referenceOutcomes(seeds: readonly number[]): Promise<readonly ProgramOutcome[]> {
  return Promise.all(
    seeds.map((seed) => {
      const { name, program, run } = caseOf(seed);
      return outcomeOf(name, (trace) => runFixedLaw(program, { ...run, trace }));
    }),
  );
}

function caseOf(seed: number) {
  const program = (makers[seed % makers.length] as (typeof makers)[number])(seed);
  const run: RunData = randomRun(program, seed, { sweepsMax: 6 });
  return { name: `seed ${seed}: ${program.json.name}, ${run.start.kind}`, program, run };
}

async function outcomeOf(
  name: string,
  run: (trace: NonNullable<DriverRun['trace']>) => DriverResult | Promise<DriverResult>,
): Promise<ProgramOutcome> {
  const trace: (readonly string[])[] = [];
  const { readouts, last, counters } = await run((_, banks) => void trace.push(traceRowHashes(banks)));
  return {
    name,
    readouts: readouts.map(({ sums, signs, states }) => [...(sums ?? []), ...wordsOf(signs), ...wordsOf(states)]),
    last: Object.values(last ?? {}).flatMap(wordsOf),
    flips: counters.flips,
    trace,
  };
}

function wordsOf(spins: PackedSpins | undefined): readonly number[] {
  return [...(spins?.words ?? [])];
}
