/**
 * One run of the scalar machine. Rows are cut into tiles; a sweep goes over all tiles before the next sweep begins. All of
 * it is work in slices on this thread: between two slices the event loop has its turn and signals are looked at.
 */
import {
  type DriverReadout,
  type DriverRun,
  emptySpins,
  fullTemperature,
  InvalidRequestError,
  type PackedSpins,
  wordsPerRow,
} from '@isinglass/sdk';
import { type KeptState, type MachineRun, retainedIndex, Slicer } from '@isinglass/sdk/machine-driver';
import type { BlockStructure } from './block-structure.ts';
import { sweepTile } from './gibbs-sweep.ts';
import { startFeedForward, startRandom } from './initial-state.ts';
import type { RunLaw } from './law.ts';
import { packBank, unpackBank } from './pack-spins.ts';
import { lanesFor } from './row-packing.ts';
import { RunSums } from './run-sums.ts';
import { computeStaticFields, StaticFields } from './static-field.ts';
import { type Scratch, scratchFor, Tile, type TileRows } from './tile.ts';
import type { Work } from './work.ts';

/** What a handle keeps: the last state, and the static fields with what they were made from. */
interface ScalarState extends KeptState {
  readonly chains: number;
  readonly gains: Readonly<Record<string, number>>;
  readonly inputs: Readonly<Record<string, PackedSpins>>;
  readonly fields: StaticFields;
}

const scalarStates = new WeakSet<KeptState>();

function asScalarState(state: KeptState): ScalarState {
  if (!scalarStates.has(state)) throw new TypeError('the kept state is of another machine');
  return state as ScalarState;
}

export class ScalarRun implements MachineRun {
  readonly #structure: BlockStructure;
  readonly #run: DriverRun;
  readonly #from: ScalarState | null;
  readonly #lawOf: () => Generator<void, RunLaw, void>;
  readonly #tileRows: number;
  readonly #scratch: Scratch;
  readonly #fields: StaticFields;
  readonly #sums: RunSums;
  readonly #slicer: Slicer;
  /** Made by `prepare`. */
  #law: RunLaw | undefined;
  #tiles: readonly Tile[] = [];

  constructor(o: {
    readonly structure: BlockStructure;
    readonly run: DriverRun;
    readonly lawOf: () => Generator<void, RunLaw, void>;
    readonly tileRows: number;
    /** The state that a resumed run goes on from. */
    readonly from: KeptState | null;
    readonly signals: readonly AbortSignal[];
  }) {
    this.#structure = o.structure;
    this.#run = o.run;
    this.#from = o.from === null ? null : asScalarState(o.from);
    this.#lawOf = o.lawOf;
    this.#tileRows = o.tileRows;
    this.#scratch = scratchFor(o.structure, o.tileRows, lanesFor(o.tileRows, o.structure.packing));
    this.#fields = new StaticFields(o.structure, o.run.images.length);
    this.#sums = new RunSums(o.structure, o.run);
    this.#slicer = new Slicer(o.signals);
  }

  get flips(): number {
    return this.#tiles.reduce((sum, tile) => sum + tile.flips, 0);
  }

  prepare(): Promise<void> {
    return this.#slicer.drain(this.#prepare());
  }

  async advance(first: number, last: number, onProgress: (done: number) => void): Promise<void> {
    for (let t = first; t <= last; t++) {
      await this.#slicer.drain(this.#sweep(t));
      onProgress(t);
    }
  }

  pack(): Promise<Readonly<Record<string, PackedSpins>>> {
    return this.#slicer.drain(this.#pack());
  }

  async readouts(): Promise<readonly DriverReadout[]> {
    return this.#sums.readouts();
  }

  keep(last: Readonly<Record<string, PackedSpins>>): KeptState {
    const { block, chains, gains, images } = this.#run;
    // Inputs are borrowed until the run settles: the handle lives longer.
    const inputs = Object.fromEntries(
      Object.entries(this.#run.inputs).map(([bank, spins]) => [bank, { ...spins, words: spins.words.slice() }]),
    );
    const state: ScalarState = {
      block,
      rows: images.length * chains,
      last,
      chains,
      gains: { ...gains },
      inputs,
      fields: this.#fields,
      // Plain arrays: the collector takes them.
      end: () => {},
    };
    scalarStates.add(state);
    return state;
  }

  /** Plain arrays: the collector takes them when the driver forgets the run. */
  end(): void {}

  *#prepare(): Work {
    const law = yield* this.#lawOf();
    this.#law = law;
    yield* this.#prepareFields(law);
    const tiles: Tile[] = [];
    for (const rows of tileRowsOf(this.#run, this.#tileRows)) {
      const tile = new Tile(this.#structure, this.#run.seed, this.#fields, rows);
      yield* this.#startTile(tile, law);
      tiles.push(tile);
    }
    this.#tiles = tiles;
  }

  *#sweep(t: number): Work {
    const run = this.#run;
    const law = this.#law;
    if (law === undefined) throw new TypeError('the run is not prepared');
    const retained = retainedIndex(run, t);
    for (const tile of this.#tiles) {
      yield* sweepTile(tile, {
        law,
        scratch: this.#scratch,
        sweep: run.sweepOffset + t,
        temperature: run.temperatures === null ? fullTemperature : (run.temperatures[t - 1] as number),
        afterUpdate: retained < 0 ? null : (bank, part, thresholds) => this.#sums.add(tile, bank, part, thresholds),
      });
      if (retained >= 0) yield* this.#sums.addStates(tile, retained);
    }
  }

  *#pack(): Generator<void, Readonly<Record<string, PackedSpins>>, void> {
    const rows = this.#run.images.length * this.#run.chains;
    const banks: Record<string, PackedSpins> = {};
    for (const { bank, free, spinCount } of this.#structure.banks) {
      if (free) banks[bank.id] = emptySpins(rows, spinCount);
    }
    for (const tile of this.#tiles) {
      for (const own of tile.freeBanks()) {
        const { words } = banks[own.bank.bank.id] as PackedSpins;
        const stride = wordsPerRow(own.bank.spinCount);
        yield* packBank(tile, own, words, (row) => (tile.firstRow + row) * stride);
      }
    }
    return banks;
  }

  /** From the handle where it has them, the others anew. */
  *#prepareFields(law: RunLaw): Work {
    const images: number[] = [];
    for (let image = 0; image < this.#run.images.length; image++) {
      const known = this.#knownImage(image);
      if (known === undefined) images.push(image);
      else this.#fields.copyImage(this.#structure, image, known.fields, known.image);
    }
    yield* computeStaticFields(this.#structure, {
      law,
      inputs: this.#run.inputs,
      images,
      tileRows: this.#tileRows,
      scratch: this.#scratch,
      fields: this.#fields,
    });
  }

  /** Where the resumed state has the static field of an image: same gains, same pinned spins. */
  #knownImage(image: number): { readonly fields: StaticFields; readonly image: number } | undefined {
    const { start, chains, gains, inputs } = this.#run;
    const from = this.#from;
    if (from === null || start.kind !== 'resume' || !sameGains(from.gains, gains)) return undefined;
    const source = Math.floor((start.rows[image * chains] as number) / from.chains);
    const same = Object.entries(inputs).every(([bank, spins]) => {
      const before = from.inputs[bank];
      return before !== undefined && sameRow(spins, image, before, source);
    });
    return same ? { fields: from.fields, image: source } : undefined;
  }

  *#startTile(tile: Tile, law: RunLaw): Work {
    const { start } = this.#run;
    switch (start.kind) {
      case 'random':
        yield* startRandom(tile, this.#scratch);
        return;
      case 'feed-forward':
        yield* startFeedForward(tile, law, this.#scratch);
        return;
      case 'given':
        yield* unpackTile(tile, start.states, (row) => tile.firstRow + row);
        return;
      case 'resume':
        yield* unpackTile(tile, this.#from?.last ?? {}, (row) => start.rows[tile.firstRow + row] as number);
        return;
      default:
        start satisfies never;
    }
  }
}

function* unpackTile(
  tile: Tile,
  states: Readonly<Record<string, PackedSpins>>,
  sourceRow: (row: number) => number,
): Work {
  for (const own of tile.freeBanks()) {
    const id = own.bank.bank.id;
    const packed = states[id];
    if (packed === undefined)
      throw new InvalidRequestError(`the start has no state of bank ${id}`, { where: `start.states.${id}` });
    yield* unpackBank(tile, own, packed, sourceRow);
  }
}

function* tileRowsOf({ images, chains, chainOffset }: DriverRun, rowsMax: number): Generator<TileRows, void, void> {
  const all = images.length * chains;
  for (let firstRow = 0; firstRow < all; firstRow += rowsMax) {
    const rows = Math.min(rowsMax, all - firstRow);
    yield {
      firstRow,
      rows,
      chains,
      imageNumbers: Uint32Array.from({ length: rows }, (_, n) => images[Math.floor((firstRow + n) / chains)] as number),
      chainNumbers: Uint32Array.from({ length: rows }, (_, n) => chainOffset + ((firstRow + n) % chains)),
    };
  }
}

function sameGains(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function sameRow(a: PackedSpins, aRow: number, b: PackedSpins, bRow: number): boolean {
  const stride = wordsPerRow(a.spinCount);
  for (let w = 0; w < stride; w++) {
    if (a.words[aRow * stride + w] !== b.words[bRow * stride + w]) return false;
  }
  return true;
}
