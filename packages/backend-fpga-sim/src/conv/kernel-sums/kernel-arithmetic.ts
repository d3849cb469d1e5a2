/**
 * The sums of a convolution engine by WebAssembly kernels of one row. Each term is planned and tabled once for a schedule and its weights, from what the machine
 * itself reads: descriptors, SOURCES and WEIGHTS. Terms whose sums might leave the accumulator, or what kernels hold, are the witness's, so that saturations are
 * counted where they happen.
 */
import {
  bytesPerPage,
  instantiateKernels,
  type KernelMemory,
  type KernelModules,
  type Kernels,
  kernelMemory,
  memoryPagesMax,
} from '@isinglass/kernels';
import type { ConvParameters } from '../../parameters/engine-parameters.ts';
import { type ConvArithmetic, ScalarConvArithmetic } from '../conv-arithmetic.ts';
import type { ConvMemories } from '../conv-memories.ts';
import type { ConvSchedule, ScheduledTerm, ScheduledTile } from '../conv-schedule.ts';
import { type Inputs, nibbleBytes, writeNibbles } from './state-nibbles.ts';
import { type TapClasses, tapClasses } from './tap-classes.ts';
import { channelsPerGroup, planTerm, type TermPlan } from './term-plan.ts';
import {
  type PlannedTerm,
  placeOfChannel,
  type Space,
  type TermTables,
  tableBytes,
  writeTables,
} from './term-tables.ts';

/** |scaled(A)| below this is what the kernel that scales can hold. */
const scaledBelow = 2 ** 26;

interface KernelTerm extends TermTables {
  readonly plan: TermPlan;
  readonly nibbles: Nibbles;
}

interface Nibbles extends Inputs {
  readonly address: number;
  fresh: boolean;
}

/** What kernels know of a schedule. */
interface Prepared {
  readonly kernels: Kernels;
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  /** By tile number, of all its terms; a tile that is not here is the witness's. */
  readonly terms: ReadonlyMap<number, readonly KernelTerm[]>;
  readonly nibbles: readonly Nibbles[];
  /** Of the largest tile: half sums, sums and fields of its units. */
  readonly halfSums: number;
  readonly sums: number;
  readonly fields: number;
}

export class KernelConvArithmetic implements ConvArithmetic {
  readonly #modules: KernelModules;
  readonly #memories: ConvMemories;
  readonly #sumMax: number;
  readonly #witness: ScalarConvArithmetic;
  #prepared: Prepared | null = null;

  constructor(modules: KernelModules, memories: ConvMemories, p: ConvParameters) {
    this.#modules = modules;
    this.#memories = memories;
    this.#sumMax = 2 ** (p.accumulatorBits - 1) - 1;
    this.#witness = new ScalarConvArithmetic(memories, p);
  }

  get saturations(): number {
    return this.#witness.saturations;
  }

  set saturations(count: number) {
    this.#witness.saturations = count;
  }

  *prepare(schedule: ConvSchedule): Generator<void, void, void> {
    yield* this.#witness.prepare();
    this.#prepared = null;
    const tiles = [...schedule.staticPass, ...schedule.sweep].flat();
    const planned = yield* this.#planTiles(tiles);
    if (planned.size > 0) this.#prepared = yield* this.#write(planned);
  }

  begin(): void {
    this.#witness.begin();
    for (const nibbles of this.#prepared?.nibbles ?? []) nibbles.fresh = false;
  }

  /** Whether kernels sum a tile of the schedule. */
  byKernels(tile: ScheduledTile): boolean {
    const terms = this.#prepared?.terms.get(tile.number);
    return terms?.every((term, n) => scales(term, tile.terms[n])) ?? false;
  }

  addTile(tile: ScheduledTile, out: Int32Array): void {
    const terms = this.#prepared?.terms.get(tile.number);
    if (this.#prepared === null || terms === undefined || !this.byKernels(tile)) {
      this.#witness.addTile(tile, out);
      return;
    }
    const { kernels, i32, halfSums, sums, fields } = this.#prepared;
    const units = Math.ceil(tile.channels / channelsPerGroup) * tile.pixels;
    i32.fill(0, fields / 4, fields / 4 + 16 * units);
    terms.forEach(({ plan, tables, passes, nibbles }, n) => {
      const { factor, shift } = tile.terms[n] as ScheduledTerm;
      const states = this.#statesOf(nibbles);
      passes.forEach(({ pixels, classes, bases }, pass) => {
        kernels[plan.kernel](halfSums, states, tables, pixels, classes, 0, units, 1, 0, 0);
        kernels.addRowHalfSums(sums, halfSums, pixels, classes, bases, units, 0, pass === 0);
      });
      kernels.addScaled(fields, sums, units, factor, shift);
    });
    takeFields(i32, fields / 4, tile, out);
  }

  #statesOf(nibbles: Nibbles): number {
    if (!nibbles.fresh) {
      nibbles.fresh = true;
      writeNibbles(this.#memories.states, nibbles, (this.#prepared as Prepared).u8, nibbles.address);
    }
    return nibbles.address;
  }

  /** Tiles all of whose terms kernels can sum, and that fit into the memory of the kernels. */
  *#planTiles(tiles: readonly ScheduledTile[]): Generator<void, Map<ScheduledTile, readonly PlannedTerm[]>, void> {
    const { sources, weights } = this.#memories;
    const classesOf = new Map<string, TapClasses>();
    const planned = new Map<ScheduledTile, readonly PlannedTerm[]>();
    for (const tile of tiles) {
      const { channels, pixels } = tile;
      const terms: PlannedTerm[] = [];
      for (const term of tile.terms) {
        const plan = yield* planTerm(weights, term, channels);
        if (plan === null || plan.sumMax > this.#sumMax) break;
        const key = `${term.sources} ${term.taps} ${pixels}`;
        const classes = classesOf.get(key) ?? tapClasses(sources, { first: term.sources, taps: term.taps, pixels });
        classesOf.set(key, classes);
        terms.push({ term, channels, pixels, plan, classes });
        yield;
      }
      if (terms.length > 0 && terms.length === tile.terms.length) planned.set(tile, terms);
    }
    return planned;
  }

  *#write(planned: ReadonlyMap<ScheduledTile, readonly PlannedTerm[]>): Generator<void, Prepared | null, void> {
    const inputs = new Map<string, Inputs>();
    let units = 0;
    let bytes = 0;
    for (const [tile, terms] of planned) {
      units = Math.max(units, Math.ceil(tile.channels / channelsPerGroup) * tile.pixels);
      for (const each of terms) {
        inputs.set(keyOf(each.term), each.term);
        bytes += tableBytes(each);
      }
    }
    for (const each of inputs.values()) bytes += nibbleBytes(each) + 16;
    bytes += 160 * units + 64;
    const pages = Math.ceil(bytes / bytesPerPage);
    const memory = memoryOf(pages);
    if (memory === null) return null;
    const space = spaceOf(memory.buffer);
    const nibbles = new Map<string, Nibbles>();
    for (const [key, { source, inputs: count, sitesPerInput }] of inputs) {
      const of: Inputs = { source, inputs: count, sitesPerInput };
      nibbles.set(key, { ...of, address: space.take(nibbleBytes(of)), fresh: false });
    }
    const terms = new Map<number, readonly KernelTerm[]>();
    for (const [tile, each] of planned) {
      const ready: KernelTerm[] = [];
      for (const one of each) {
        const tables = yield* writeTables(one, this.#memories.weights, space);
        ready.push({ ...tables, plan: one.plan, nibbles: nibbles.get(keyOf(one.term)) as Nibbles });
      }
      terms.set(tile.number, ready);
    }
    return {
      kernels: instantiateKernels(this.#modules, memory),
      u8: space.u8,
      i32: space.i32,
      terms,
      nibbles: [...nibbles.values()],
      halfSums: space.take(32 * units),
      sums: space.take(64 * units),
      fields: space.take(64 * units),
    };
  }
}

const keyOf = ({ source, inputs, sitesPerInput }: Inputs): string => `${source} ${inputs} ${sitesPerInput}`;

const scales = ({ plan }: KernelTerm, term: ScheduledTerm | undefined): boolean =>
  term !== undefined && (plan.sumMax * term.factor) / term.divisor < scaledBelow - 1;

/** null: there is no room for so much; the witness needs none. */
function memoryOf(pages: number): KernelMemory | null {
  if (pages > memoryPagesMax) return null;
  try {
    return kernelMemory({ initial: pages, maximum: pages });
  } catch (e) {
    if (e instanceof RangeError) return null;
    throw e;
  }
}

/** Addresses are multiples of 16. */
function spaceOf(buffer: SharedArrayBuffer): Space {
  let end = 0;
  return {
    u8: new Uint8Array(buffer),
    i32: new Int32Array(buffer),
    take(bytes) {
      const at = end;
      end += Math.ceil(bytes / 16) * 16;
      return at;
    },
  };
}

/** From `[unit][even channels, odd channels]` to `[channel][pixel]`. */
function takeFields(fields: Int32Array, first: number, { channels, pixels }: ScheduledTile, out: Int32Array): void {
  let at = 0;
  for (let channel = 0; channel < channels; channel++) {
    let from = first + 16 * (channel >> 4) * pixels + placeOfChannel(channel);
    for (let pixel = 0; pixel < pixels; pixel++, from += 16) out[at++] = fields[from] as number;
  }
}
