import { compileKernels, instantiateKernels, type Kernels, type SimdVariant } from '@isinglass/kernels';
import {
  type Block,
  type DriverReadout,
  type DriverResult,
  type DriverRun,
  type PackedSpins,
  type Program,
  packSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import { runFixedLaw } from '@isinglass/sdk/reference';
import { type RandomProgramOptions, type RunData, randomProgram, randomRun } from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { fixedConstants } from '../../law/fixed-constants.ts';
import { DeviceMemory } from '../../memory/device-memory.ts';
import { sumBound } from '../../scalar/sum-bound.ts';
import { packedBytes } from '../rows/rows-executor.ts';
import { loadSpins, planSpins } from './load-spins.ts';
import { setUpSpinsRun } from './set-up-spins-run.ts';
import { SpinsContext } from './spins-context.ts';
import { SpinsExecutor } from './spins-executor.ts';

/** Runs a generator to its end. */
function drained<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** How the rows of a run are given to the executor: all at once, or one after the other; and the sweeps of each in one piece or one by one. */
interface Cut {
  readonly rowsAtOnce: number;
  readonly sweepsAtOnce: number;
}

type Step = Readonly<Record<string, PackedSpins>>;

interface Machine {
  readonly memory: DeviceMemory;
  readonly kernels: Kernels;
}

const machines = new Map<SimdVariant, Promise<Machine>>();

function machine(variant: SimdVariant): Promise<Machine> {
  const known = machines.get(variant);
  if (known !== undefined) return known;
  const made = compileKernels(variant).then((modules) => {
    const memory = new DeviceMemory({ bytesMax: 2 ** 28 });
    return { memory, kernels: instantiateKernels(modules, memory.memory) };
  });
  machines.set(variant, made);
  return made;
}

/** A whole run in this thread, every row by itself; `trace` gets every free bank after every sweep. */
async function runSpins(
  program: Program,
  run: RunData,
  variant: SimdVariant,
  cut: Cut,
): Promise<Pick<DriverResult, 'readouts' | 'last'> & { flips: number; steps: Step[] }> {
  const { memory, kernels } = await machine(variant);
  const block = program.json.stages.find(
    (stage): stage is Block => stage.kind === 'block' && stage.index === run.block,
  ) as Block;
  const planning = drained(planSpins(program, block));
  const loaded = drained(loadSpins(program, block, planning, memory));
  const bounds = new Map(block.couplings.map((coupling) => [coupling.id, sumBound(program.tensors, coupling)]));
  const constants = drained(fixedConstants(program, block, bounds, run.gains));
  const request: DriverRun = { ...run, signal: new AbortController().signal };
  const states = run.start.kind === 'given' ? { of: run.start.states, rowOf: (row: number) => row } : null;
  const setup = setUpSpinsRun(memory, {
    block,
    loaded,
    constants,
    request,
    states,
    rows: { first: 0, count: run.images.length * run.chains },
    workers: 1,
  });
  const executor = new SpinsExecutor(new SpinsContext(kernels, memory.memory, loaded.block, setup.run));
  const { rows } = setup.run;
  const out = memory.allocate(2 ** 22, 'output');
  try {
    const pack = (): Step => {
      let at = out.address;
      const targets = loaded.block.banks.map(({ lanes }) => {
        if (!lanes.free) return null;
        const target = { address: at, rowBytes: packedBytes(lanes.spinCount) };
        at += rows * target.rowBytes;
        return target;
      });
      for (let row = 0; row < rows; row++) drained(executor.pack(row, targets));
      return Object.fromEntries(
        loaded.block.banks.flatMap(({ lanes }, n): [string, PackedSpins][] => {
          const target = targets[n];
          if (target === null || target === undefined) return [];
          const words = new Uint32Array(rows * wordsPerRow(lanes.spinCount));
          words.set(new Uint32Array(memory.memory.buffer, target.address, words.length));
          return [[lanes.id, { words, rows, spinCount: lanes.spinCount }]];
        }),
      );
    };
    for (let row = 0; row < rows; row++) drained(executor.prepare(row, 0));
    const steps = [pack()];
    let flips = 0;
    for (let first = 1; first <= run.sweeps; first += cut.sweepsAtOnce) {
      const last = Math.min(run.sweeps, first + cut.sweepsAtOnce - 1);
      for (let tile = 0; tile < rows; tile += cut.rowsAtOnce) {
        const tiles = Math.min(cut.rowsAtOnce, rows - tile);
        flips += drained(executor.sweep({ tile, tiles, first, last }, 0));
      }
      steps.push(pack());
    }
    const readouts = run.readouts.map((readout): DriverReadout => {
      const bank = loaded.block.banks.findIndex(({ lanes }) => lanes.id === readout.bank);
      const { spinCount } = (loaded.block.banks[bank] as (typeof loaded.block.banks)[number]).lanes;
      if (readout.observable === 'state') {
        const words = new Uint32Array(rows * setup.run.retained * wordsPerRow(spinCount));
        words.set(new Uint32Array(memory.memory.buffer, setup.run.banks[bank]?.states as number, words.length));
        return { states: { words, rows: rows * setup.run.retained, spinCount } };
      }
      const images = run.images.length;
      const values = new Int32Array(images * spinCount);
      for (let image = 0; image < images; image++) {
        const view = new Int32Array(memory.memory.buffer, out.address, spinCount);
        view.fill(0);
        const firstRow = image * run.chains;
        const endRow = firstRow + run.chains;
        const { observable } = readout;
        drained(executor.collect({ bank, observable, firstRow, endRow, out: out.address }));
        values.set(view, image * spinCount);
      }
      const signs = packSpins(
        values.map((value) => value || readout.tie),
        images,
        spinCount,
      );
      return { ...(readout.as === 'signs' ? {} : { sums: values }), ...(readout.as === 'sums' ? {} : { signs }) };
    });
    return { readouts, last: steps.at(-1) as Step, flips, steps };
  } finally {
    out.free();
    setup.region.free();
    loaded.region.free();
  }
}

async function compareWithReference(program: Program, run: RunData, variant: SimdVariant, cut: Cut): Promise<void> {
  const steps: Step[] = [];
  const block = program.json.stages.find((stage) => stage.kind === 'block' && stage.index === run.block) as Block;
  const free = new Set(block.banks.filter(({ role }) => role === 'free').map(({ id }) => id));
  const expected = runFixedLaw(program, {
    ...run,
    trace: (_, banks) => {
      steps.push(Object.fromEntries(Object.entries(banks).filter(([id]) => free.has(id))));
    },
  });
  const actual = await runSpins(program, run, variant, cut);
  const wanted = { readouts: expected.readouts, last: expected.last, flips: expected.counters.flips };
  expect({ readouts: actual.readouts, last: actual.last, flips: actual.flips }).toEqual(wanted);
  if (cut.sweepsAtOnce === 1) expect(actual.steps).toEqual(steps);
}

const shapes = (seed: number): RandomProgramOptions => ({
  seed,
  blocks: 1 + (seed % 2),
  // Every third program is tiny: single spins, empty rows, maps of one pixel.
  ...(seed % 3 === 0 ? { freeSpinsMax: 12, pinnedSpinsMax: 6 } : {}),
  ...(seed % 5 === 0 ? { strength: 3 } : {}),
});
const batches = (count: number) => Array.from({ length: count }, (_, n) => 40 * n);

describe.each(['baseline', 'relaxed'] as const)(
  'rows run one by one, %s kernels: every sum, state, trace and flip is the reference’s',
  (variant) => {
    test.each(batches(5))('40 random programs from seed %i', async (first) => {
      for (let seed = first; seed < first + 40; seed++) {
        const program = randomProgram(shapes(seed));
        const run = randomRun(program, seed);
        await compareWithReference(program, run, variant, {
          rowsAtOnce: 1 + (seed % 4),
          sweepsAtOnce: seed % 2 === 0 ? 1 : 5,
        });
      }
    });
  },
);
