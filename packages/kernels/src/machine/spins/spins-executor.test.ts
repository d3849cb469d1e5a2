import {
  type Block,
  type DriverReadout,
  type DriverResult,
  type DriverRun,
  type PackedSpins,
  type Program,
  type ProgramTensor,
  packSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import { fixedConstants, sumBound } from '@isinglass/sdk/machine-driver';
import { runFixedLaw } from '@isinglass/sdk/reference';
import {
  convolutionProgram,
  programFamilies,
  programOfBlock,
  type RandomProgramOptions,
  type RunData,
  randomProgram,
  randomRun,
} from '@isinglass/sdk/testing';
import { describe, expect, test } from 'vitest';
import { compileKernels, instantiateKernels, type Kernels, type SimdVariant } from '../../load-kernels.ts';
import { DeviceMemory } from '../memory/device-memory.ts';
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
  /** Rows of the request's first part; the others are another part. */
  readonly firstPart: number;
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
  const rows = run.images.length * run.chains;
  const parts = partsOf(rows, cut).map(({ first, count }) => {
    const part = { first, count };
    const setup = setUpSpinsRun(memory, { block, loaded, constants, request, states, rows: part, workers: 1 });
    const context = new SpinsContext(kernels, memory.memory, loaded.block, setup.run);
    return { ...part, ...setup, executor: new SpinsExecutor(context) };
  });
  const out = memory.allocate(2 ** 22, 'output');
  const wordsAt = (address: number, length: number): Uint32Array<ArrayBuffer> => {
    const words = new Uint32Array(length);
    words.set(new Uint32Array(memory.memory.buffer, address, length));
    return words;
  };
  try {
    const pack = (): Step => {
      let end = out.address;
      const places = loaded.block.banks.map(({ lanes }) => {
        if (!lanes.free) return null;
        const place = { address: end, rowBytes: packedBytes(lanes.spinCount) };
        end += rows * place.rowBytes;
        return place;
      });
      for (const { first, count, executor } of parts) {
        const targets = places.map((place) =>
          place === null ? null : { ...place, address: place.address + first * place.rowBytes },
        );
        for (let row = 0; row < count; row++) drained(executor.pack(row, targets));
      }
      return Object.fromEntries(
        loaded.block.banks.flatMap(({ lanes }, n): [string, PackedSpins][] => {
          const place = places[n];
          if (place === null || place === undefined) return [];
          const words = wordsAt(place.address, rows * wordsPerRow(lanes.spinCount));
          return [[lanes.id, { words, rows, spinCount: lanes.spinCount }]];
        }),
      );
    };
    for (const { count, executor } of parts) for (let row = 0; row < count; row++) drained(executor.prepare(row, 0));
    const steps = [pack()];
    let flips = 0;
    for (let first = 1; first <= run.sweeps; first += cut.sweepsAtOnce) {
      const last = Math.min(run.sweeps, first + cut.sweepsAtOnce - 1);
      for (const { count, executor } of parts) {
        for (let tile = 0; tile < count; tile += cut.rowsAtOnce) {
          const tiles = Math.min(cut.rowsAtOnce, count - tile);
          flips += drained(executor.sweep({ tile, tiles, first, last }, 0));
        }
      }
      steps.push(pack());
    }
    const readouts = run.readouts.map((readout): DriverReadout => {
      const bank = loaded.block.banks.findIndex(({ lanes }) => lanes.id === readout.bank);
      const { spinCount } = (loaded.block.banks[bank] as (typeof loaded.block.banks)[number]).lanes;
      const { observable } = readout;
      if (observable === 'state') {
        const words = parts.flatMap(({ count, run: { retained, banks } }) => [
          ...wordsAt(banks[bank]?.states as number, count * retained * wordsPerRow(spinCount)),
        ]);
        const stored = rows * (parts[0]?.run.retained as number);
        return { states: { words: Uint32Array.from(words), rows: stored, spinCount } };
      }
      const images = run.images.length;
      const values = new Int32Array(images * spinCount);
      for (let image = 0; image < images; image++) {
        const view = new Int32Array(memory.memory.buffer, out.address, spinCount);
        view.fill(0);
        for (const { first, count, executor } of parts) {
          const firstRow = Math.max(0, image * run.chains - first);
          const endRow = Math.min(count, (image + 1) * run.chains - first);
          drained(executor.collect({ bank, observable, firstRow, endRow, out: out.address }));
        }
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
    for (const { region } of parts) region.free();
    loaded.region.free();
  }
}

/** One part or two, the second of which begins in the midst of an image's chains. */
function partsOf(rows: number, { firstPart }: Cut): { readonly first: number; readonly count: number }[] {
  const first = Math.min(firstPart, rows);
  return [
    { first: 0, count: first },
    { first, count: rows - first },
  ].filter(({ count }) => count > 0);
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
          firstPart: seed % 6,
        });
      }
    });

    test.each(['convolutions', 'layers', 'lattice', 'irregularGraph', 'mixed'] as const)(
      'larger programs: %s',
      async (family) => {
        for (let seed = 0; seed < 12; seed++) {
          const program = programFamilies[family](seed);
          const run = randomRun(program, seed, { sweepsMax: 5, imagesMax: 2, chainsMax: 2 });
          const cut = { rowsAtOnce: 4 - (seed % 3), sweepsAtOnce: 1 + 3 * (seed % 2), firstPart: 9 };
          await compareWithReference(program, run, variant, cut);
        }
      },
    );

    test('maps of more pixels than a stretch has, whose channels begin in the midst of a block of draws', async () => {
      const program = convolutionProgram({ channels: 3, size: 33, sweeps: 2 });
      const run = randomRun(program, 1, { starts: ['random'], sweepsMax: 2, imagesMax: 2, chainsMax: 1 });
      await compareWithReference(program, run, variant, { rowsAtOnce: 2, sweepsAtOnce: 1, firstPart: 9 });
    });

    test('so many couplings of a spin that their sum leaves 16 bits', async () => {
      for (const form of ['dense', 'sparse'] as const) {
        const program = manyNeighbours(form, 1200);
        const run = randomRun(program, 1, { sweepsMax: 2, imagesMax: 1, chainsMax: 2 });
        await compareWithReference(program, run, variant, { rowsAtOnce: 2, sweepsAtOnce: 1, firstPart: 9 });
      }
    });
  },
);

/** Two banks, the second of them small; every spin of one is joined to every spin of the other, by large weights. */
function manyNeighbours(form: 'dense' | 'sparse', count: number): Program {
  const few = 20;
  const w = Int8Array.from({ length: few * count }, (_, n) => (n % 7 === 0 ? -127 : 127));
  const rowStart = Uint32Array.from({ length: few + 1 }, (_, n) => n * count);
  const column = Uint32Array.from(w, (_, n) => n % count);
  const block: Block = {
    kind: 'block',
    id: 'block',
    index: 0,
    banks: [
      { id: 'a', role: 'free', shape: [count], color: 0 },
      { id: 'b', role: 'free', shape: [few], color: 1 },
    ],
    gains: [{ id: 'one', value: 1, runtime: false }],
    couplings: [
      {
        id: 'j',
        from: 'a',
        to: 'b',
        gain: 'one',
        scale: 1e-4,
        form:
          form === 'dense'
            ? { kind: 'dense', matrix: { tensor: 'w' } }
            : { kind: 'sparse', rowStart: { tensor: 'start' }, column: { tensor: 'column' }, value: { tensor: 'w' } },
      },
    ],
    biases: [],
    readouts: [{ id: 'y', bank: 'a', observable: 'spin-sum', tie: 1 }],
    schedule: { sweeps: 2, burnIn: 0, stride: 1, chains: 1, colors: [0, 1], init: 'random', beta: 1 },
    fixed: { fractionBits: 9, beta: 1 },
  };
  const value: ProgramTensor = { dtype: 'I8', shape: form === 'dense' ? [few, count] : [w.length], data: w };
  const lists: [string, ProgramTensor][] = [
    ['start', { dtype: 'U32', shape: [few + 1], data: rowStart }],
    ['column', { dtype: 'U32', shape: [column.length], data: column }],
  ];
  return programOfBlock(block, new Map([['w', value], ...(form === 'sparse' ? lists : [])]));
}
