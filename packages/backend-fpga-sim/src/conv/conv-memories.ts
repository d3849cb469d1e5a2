/** The memories of a convolution engine, as the bus writes and reads them; what is wrong with an access is said with its address. */

import { BusFault } from '../host/bus-fault.ts';
import { addressOf, type Window } from '../host/hardware.ts';
import type { ConvParameters } from '../parameters/engine-parameters.ts';
import { type ConvCapacity, convCapacity, headerWords, phaseParts, termStride, tileStride } from './conv-memory-map.ts';

/** Consecutive words of a window that one array holds. */
interface Region {
  readonly begin: number;
  readonly words: Uint32Array;
}

export class ConvMemories {
  readonly capacity: ConvCapacity;
  /** ±1 by site: what the window SPINS packs. */
  readonly states: Int8Array;
  readonly biases: Int32Array;
  readonly fields: Int32Array;
  readonly sums: Int32Array;
  readonly conditionalSums: Int32Array;
  readonly weights: Int8Array;
  readonly sources: Uint32Array;
  readonly table: Uint32Array;
  readonly temperatures: Uint32Array;
  readonly header = new Uint32Array(headerWords);
  readonly tiles: Uint32Array;
  readonly terms: Uint32Array;
  readonly multipliers: Uint32Array;
  /** Count writes to what a sweep walks over, to weights, to the table, and to multipliers. */
  scheduleWrites = 0;
  weightWrites = 0;
  tableWrites = 0;
  multiplierWrites = 0;
  readonly #regions: ReadonlyMap<Window, readonly Region[]>;

  constructor(p: ConvParameters) {
    const capacity = convCapacity(p);
    this.capacity = capacity;
    this.states = new Int8Array(capacity.sites).fill(-1);
    this.biases = new Int32Array(capacity.sites);
    this.fields = new Int32Array(capacity.sites);
    this.sums = new Int32Array(capacity.sites);
    this.conditionalSums = new Int32Array(capacity.sites);
    const weightWords = new Uint32Array(capacity.weightBytes / 4);
    this.weights = new Int8Array(weightWords.buffer);
    this.sources = new Uint32Array(capacity.sources);
    this.table = new Uint32Array(capacity.tableEntries);
    this.temperatures = new Uint32Array(capacity.temperatures);
    this.tiles = new Uint32Array(tileStride * capacity.tiles);
    this.terms = new Uint32Array(termStride * capacity.terms);
    this.multipliers = new Uint32Array(capacity.couplings);
    const whole = (array: Uint32Array | Int32Array): readonly Region[] => [{ begin: 0, words: unsigned(array) }];
    this.#regions = new Map([
      ['biases', whole(this.biases)],
      ['fields', whole(this.fields)],
      ['sums', whole(this.sums)],
      ['conditionalSums', whole(this.conditionalSums)],
      ['weights', whole(weightWords)],
      ['sources', whole(this.sources)],
      ['table', whole(this.table)],
      ['temperatures', whole(this.temperatures)],
      [
        'phases',
        [
          { begin: phaseParts.header, words: this.header },
          { begin: phaseParts.tiles, words: this.tiles },
          { begin: phaseParts.terms, words: this.terms },
          { begin: phaseParts.multipliers, words: this.multipliers },
        ],
      ],
    ]);
  }

  write(window: Window, offset: number, words: Uint32Array): void {
    if (window === 'spins') {
      this.#inside(window, offset, words.length, this.capacity.sites / 32);
      words.forEach((word, n) => {
        this.#unpack(offset + n, word);
      });
      return;
    }
    const { begin, words: memory } = this.#region(window, offset, words.length);
    memory.set(words, offset - begin);
    if (window === 'phases' && offset >= phaseParts.multipliers) this.multiplierWrites++;
    else if (window === 'phases' || window === 'sources') this.scheduleWrites++;
    else if (window === 'weights') this.weightWrites++;
    else if (window === 'table') this.tableWrites++;
  }

  read(window: Window, offset: number, count: number): Uint32Array {
    if (window === 'spins') {
      this.#inside(window, offset, count, this.capacity.sites / 32);
      return Uint32Array.from({ length: count }, (_, n) => this.#pack(offset + n));
    }
    const { begin, words } = this.#region(window, offset, count);
    return words.slice(offset - begin, offset - begin + count);
  }

  #region(window: Window, offset: number, count: number): Region {
    const regions = this.#regions.get(window);
    if (regions === undefined) throw new BusFault(addressOf(window, offset), 'a convolution engine has no such window');
    const region = regions.findLast(({ begin }) => offset >= begin) as Region;
    this.#inside(window, offset, count, region.begin + region.words.length);
    return region;
  }

  #inside(window: Window, offset: number, count: number, end: number): void {
    if (offset + count <= end) return;
    const first = Math.max(offset, end);
    throw new BusFault(addressOf(window, first), `past the end of the memory; it ends before ${window} + ${end}`);
  }

  #unpack(at: number, word: number): void {
    for (let bit = 0; bit < 32; bit++) this.states[32 * at + bit] = ((word >>> bit) & 1) === 1 ? 1 : -1;
  }

  #pack(at: number): number {
    let word = 0;
    for (let bit = 31; bit >= 0; bit--) word = (word << 1) | Number((this.states[32 * at + bit] as number) > 0);
    return word >>> 0;
  }
}

const unsigned = (array: Uint32Array | Int32Array): Uint32Array =>
  new Uint32Array(array.buffer, array.byteOffset, array.length);
