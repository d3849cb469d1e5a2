/** Sums and states over the retained sweeps (semantics 2.1): exact integers per spin, all chains of an image together. */
import {
  type DriverReadout,
  type DriverRun,
  emptySpins,
  type Observable,
  type PackedSpins,
  type ReadoutRequest,
  wordsPerRow,
} from '@isinglass/sdk';
import { retainedCount, signsOfSums } from '@isinglass/sdk/machine-driver';
import type { BankStructure, BlockStructure } from './block-structure.ts';
import { packBank } from './pack-spins.ts';
import type { Tile, TileBank } from './tile.ts';
import type { Work } from './work.ts';

export class RunSums {
  readonly #run: DriverRun;
  readonly #retained: number;
  readonly #images: number;
  readonly #structure: BlockStructure;
  /** `[images][spins]`, by bank and observable; two requests may share one. */
  readonly #sums = new Map<string, Int32Array<ArrayBuffer>>();
  /** `[images][chains][K]` rows, by bank. */
  readonly #states = new Map<string, PackedSpins>();

  constructor(structure: BlockStructure, run: DriverRun) {
    this.#run = run;
    this.#retained = retainedCount(run);
    this.#images = run.images.length;
    this.#structure = structure;
    for (const request of run.readouts) {
      const { spinCount } = this.#bankOf(request);
      if (request.observable === 'state') {
        const rows = this.#images * run.chains * this.#retained;
        this.#states.set(request.bank, emptySpins(rows, spinCount));
      } else {
        this.#sums.set(keyOf(request.bank, request.observable), new Int32Array(this.#images * spinCount));
      }
    }
  }

  /** Adds the terms of one retained sweep for spins just updated. */
  add(tile: Tile, { bank, states }: TileBank, part: Uint32Array, thresholds: Int32Array): void {
    const ofSpins = this.#sums.get(keyOf(bank.bank.id, 'spin-sum'));
    if (ofSpins !== undefined) addSpins(tile, bank, part, states, ofSpins);
    const ofMeans = this.#sums.get(keyOf(bank.bank.id, 'conditional-sum'));
    if (ofMeans !== undefined) addConditionals(tile, bank, part, thresholds, ofMeans);
  }

  /** Stores the states of one retained sweep, `index` 0 … K − 1, after it is complete. */
  *addStates(tile: Tile, index: number): Work {
    for (const own of tile.freeBanks()) {
      const stored = this.#states.get(own.bank.bank.id);
      if (stored === undefined) continue;
      const stride = wordsPerRow(own.bank.spinCount);
      const wordOfRow = (row: number): number => ((tile.firstRow + row) * this.#retained + index) * stride;
      yield* packBank(tile, own, stored.words, wordOfRow);
    }
  }

  /** In request order; every array belongs to the caller. */
  readouts(): readonly DriverReadout[] {
    const given = new Set<object>();
    // Two requests for the same thing get an array each.
    const own = <T extends object>(value: T, copy: (value: T) => T): T => {
      if (given.has(value)) return copy(value);
      given.add(value);
      return value;
    };
    return this.#run.readouts.map((request): DriverReadout => {
      if (request.observable === 'state') {
        const states = this.#states.get(request.bank) as PackedSpins;
        return { states: own(states, (packed) => ({ ...packed, words: packed.words.slice() })) };
      }
      const sums = this.#sums.get(keyOf(request.bank, request.observable)) as Int32Array<ArrayBuffer>;
      const signs = request.as === 'sums' ? {} : { signs: signsOfSums(sums, this.#images, request.tie) };
      return request.as === 'signs' ? signs : { sums: own(sums, (values) => values.slice()), ...signs };
    });
  }

  #bankOf(request: ReadoutRequest): BankStructure {
    const bank = this.#structure.banks.find((candidate) => candidate.bank.id === request.bank);
    if (bank === undefined || !bank.free) throw new TypeError(`no free bank ${request.bank}`);
    return bank;
  }
}

function keyOf(bank: string, observable: Observable): string {
  return `${bank} ${observable}`;
}

function addSpins(
  { rows, imageOfRow }: Tile,
  { spinCount }: BankStructure,
  part: Uint32Array,
  states: Int8Array,
  sums: Int32Array,
): void {
  for (let n = 0; n < part.length; n++) {
    const spin = part[n] as number;
    for (let row = 0; row < rows; row++) {
      const at = (imageOfRow[row] as number) * spinCount + spin;
      sums[at] = (sums[at] as number) + (states[spin * rows + row] as number);
    }
  }
}

/** 2·T − 65536: the mean of the new state, given the field that its update used. */
function addConditionals(
  { rows, imageOfRow }: Tile,
  { spinCount }: BankStructure,
  part: Uint32Array,
  thresholds: Int32Array,
  sums: Int32Array,
): void {
  for (let n = 0; n < part.length; n++) {
    const spin = part[n] as number;
    for (let row = 0; row < rows; row++) {
      const at = (imageOfRow[row] as number) * spinCount + spin;
      sums[at] = (sums[at] as number) + 2 * (thresholds[spin * rows + row] as number) - 65536;
    }
  }
}
