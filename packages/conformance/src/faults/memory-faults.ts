/** Faults of state that outlives a run: spins of the run before, of a cancelled run, pins of the image before (M35, M44, M47, M48). */
import {
  type Block,
  type DriverResult,
  type DriverRun,
  emptySpins,
  type PackedSpins,
  type Program,
  packSpins,
  unpackSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import { temperaturesTimes } from './seed-faults.ts';
import type { Spoiler, TrueRun } from './spoiled-driver.ts';

/** A random start is the state in which the run before left the machine's spins, row by row (M44). */
export function stateCarriedOver(): Spoiler {
  const memory = new SpinMemory();
  return { run: (q, run, program) => memory.runFrom(q, { run, program, stale: true }) };
}

/** After a run that was cancelled, the next one starts where it stood (M47). */
export function halfSweptAfterCancel(): Spoiler {
  const memory = new SpinMemory();
  let cancelled = false;
  return {
    async run(q, run, program) {
      const stale = cancelled;
      cancelled = false;
      q.signal.addEventListener('abort', () => {
        cancelled = true;
      });
      return await memory.runFrom(q, { run: (traced) => run(memory.watched(traced, program)), program, stale });
    },
  };
}

/** A load that fails has wiped the weights and fields that were there (M48). */
export function failedLoadWipes(): Spoiler {
  let wiped = false;
  return {
    async load(load) {
      try {
        return await load();
      } catch (error) {
        wiped = true;
        throw error;
      }
    },
    run: (q, run) => run(wiped ? { ...q, temperatures: temperaturesTimes(q, 0) } : q),
  };
}

/** Which program was loaded last, by one device or by several. */
export interface LastLoad {
  run?: TrueRun;
}

/** There is room for one program: runs of those loaded before are runs of the last one. */
export const lastProgramRuns = (last: LastLoad): Spoiler => ({
  loaded(run) {
    last.run = run;
  },
  run: (q, run) => (last.run ?? run)(q),
});

/** Pinned spins that were lent for a run are wiped after it. */
export const lentSpinsWiped = (): Spoiler => ({
  async run(q, run) {
    const result = await run(q);
    for (const { words } of Object.values(q.inputs)) words.fill(0);
    return result;
  },
});

/** An image gets the pinned spins of the image before it; the first its own (M35). */
export function previousPins(): Spoiler {
  const previous = ({ words, rows, spinCount }: PackedSpins): PackedSpins => {
    const width = wordsPerRow(spinCount);
    const late = words.slice();
    late.set(words.subarray(0, (rows - 1) * width), width);
    return { words: late, rows, spinCount };
  };
  return {
    run: (q, run) =>
      run({
        ...q,
        inputs: Object.fromEntries(
          Object.entries(q.inputs).map(([bank, packed]) => [bank, packed.rows > 1 ? previous(packed) : packed]),
        ),
      }),
  };
}

interface MemoryRun {
  readonly run: TrueRun;
  readonly program: Program;
  /** Whether a random start is what is left in the memory. */
  readonly stale: boolean;
}

/** The spins that the machine's cells hold: those of the last run, all −1 before. */
class SpinMemory {
  #rows: readonly Int8Array[] = [new Int8Array(1).fill(-1)];

  async runFrom(q: DriverRun, { run, program, stale }: MemoryRun): Promise<DriverResult> {
    const block = blockOf(program, q.block);
    const start = stale && q.start.kind === 'random' ? this.#start(q, block) : q.start;
    const result = await run({ ...q, start, keep: q.keep === 'device' ? 'device' : 'host' });
    if (result.last !== undefined) this.#remember(result.last, block);
    if (q.keep !== 'nothing') return result;
    const { last: _, ...rest } = result;
    return rest;
  }

  /** The same run, whose every sweep is left in the memory: a run that does not come to its end leaves the last one. */
  watched(q: DriverRun, program: Program): DriverRun {
    const block = blockOf(program, q.block);
    return {
      ...q,
      trace: (sweep, banks) => {
        this.#remember(banks, block);
        return q.trace?.(sweep, banks);
      },
    };
  }

  #remember(last: Readonly<Record<string, PackedSpins>>, block: Block): void {
    const banks = freeBanks(block).map(({ id }) => unpackSpins(last[id] as PackedSpins));
    const rows = last[freeBanks(block)[0]?.id ?? '']?.rows ?? 0;
    this.#rows = Array.from({ length: rows }, (_, row) =>
      Int8Array.from(banks.flatMap((spins) => Array.from(rowOf(spins, row, rows)))),
    );
  }

  #start(q: DriverRun, block: Block): DriverRun['start'] {
    const rows = q.images.length * q.chains;
    let first = 0;
    const states: Record<string, PackedSpins> = {};
    for (const { id, spins } of freeBanks(block)) {
      const values = new Int8Array(rows * spins);
      for (let row = 0; row < rows; row++) {
        const cells = this.#rows[row % this.#rows.length] as Int8Array;
        for (let n = 0; n < spins; n++) values[row * spins + n] = cells[(first + n) % cells.length] as number;
      }
      states[id] = rows === 0 ? emptySpins(0, spins) : packSpins(values, rows, spins);
      first += spins;
    }
    return { kind: 'given', states };
  }
}

const rowOf = (spins: Int8Array, row: number, rows: number): Int8Array => {
  const width = spins.length / rows;
  return spins.subarray(row * width, (row + 1) * width);
};

function blockOf({ json }: Program, index: number): Block {
  const block = json.stages.find((stage): stage is Block => stage.kind === 'block' && stage.index === index);
  if (block === undefined) throw new RangeError(`the program has no block ${index}`);
  return block;
}

const freeBanks = ({ banks }: Block): { readonly id: string; readonly spins: number }[] =>
  banks
    .filter(({ role }) => role === 'free')
    .map(({ id, shape }) => ({ id, spins: shape.reduce((product, size) => product * size, 1) }));
