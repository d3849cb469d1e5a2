/** The records of a sparse or diagonal coupling seen from one end, in memory (see sparse-update.exports.ts of the kernels). */
import { slotOfSpin, spinOfSlot } from '../../bank-lanes.ts';
import type { Writer } from '../half-sum-map.ts';
import {
  entriesPerSlice,
  type RecordShape,
  type SparsePlan,
  type SparseSource,
  segmentEnd,
  shapeOf,
} from './sparse-plan.ts';

/** Addresses: plain data, the same in every thread. */
export interface SparseMap {
  /** In the order of the source's parts. */
  readonly parts: readonly SparsePart[];
  /** First units of the cells. */
  readonly cells: Uint32Array;
  /** No spin's Σ|w| is larger. */
  readonly sumMax: number;
}

/** Spins that are updated together. */
export interface SparsePart {
  readonly equal: RecordList;
  readonly weighted: RecordList;
  /** Units with spins of the part, for packNibbles: offsets of their masks and nibbles. 0: the bank has not both. */
  readonly units: number;
  /** Entries of `units` before each cell, and all of them last. */
  readonly unitsBefore: Uint32Array;
}

/** Records of one kind, by slot rising. */
export interface RecordList {
  readonly spins: number;
  /** Per cell, and one more: address of its first record. */
  readonly at: Uint32Array;
  /** Per cell, and one more: records before it. */
  readonly before: Uint32Array;
}

/** Memory comes from the writer: `plan.bytes` in all. */
export function* buildSparseMap(
  source: SparseSource,
  plan: SparsePlan,
  writer: Writer,
): Generator<void, SparseMap, void> {
  const parts: SparsePart[] = [];
  for (const [n, slots] of source.parts.entries()) {
    const { equalBytes, weightedBytes, unitBytes } = plan.parts[n] as SparsePlan['parts'][number];
    const lists = {
      equal: new ListWriter(writer, equalBytes, source.cells.length),
      weighted: new ListWriter(writer, weightedBytes, source.cells.length),
      units: new ListWriter(writer, unitBytes, source.cells.length),
    };
    yield* writeRecords(source, slots, lists, unitBytes > 0);
    const units = lists.units.list();
    parts.push({
      equal: lists.equal.list(),
      weighted: lists.weighted.list(),
      units: unitBytes > 0 ? (units.at[0] as number) : 0,
      unitsBefore: units.before,
    });
  }
  return { parts, cells: source.cells, sumMax: plan.sumMax };
}

function* writeRecords(
  source: SparseSource,
  slots: Uint32Array,
  lists: { readonly equal: ListWriter; readonly weighted: ListWriter; readonly units: ListWriter },
  packed: boolean,
): Generator<void, void, void> {
  const { receiver, giver, rows } = source;
  const maskOf = (spin: number): number => 16 * slotOfSpin(giver, spin);
  let [lastUnit, work] = [-1, 0];
  for (const slot of slots) {
    const spin = spinOfSlot(receiver, slot);
    const shape = shapeOf(source, spin);
    const begin = rows.start[spin] as number;
    const unit = slot >>> 2;
    // A unit's records are behind the borders of all cells that begin with it or before.
    const cell = cellOf(source.cells, unit);
    if (packed && unit !== lastUnit) {
      lists.units.begin(cell);
      const quad = Math.floor(unit / receiver.pixels);
      lists.units.push(64 * unit);
      lists.units.push(16 * ((unit - quad * receiver.pixels) * receiver.quads + quad));
    }
    lastUnit = unit;
    const list = shape.equal ? lists.equal : lists.weighted;
    list.begin(cell);
    list.push(16 * slot);
    list.push(32 * spin);
    if (shape.equal) pushEqual(list, source, begin, shape, maskOf);
    else pushWeighted(list, source, begin, shape, maskOf);
    work += 1 + shape.degree;
    if (work < entriesPerSlice) continue;
    work = 0;
    yield;
  }
}

function pushEqual(
  list: ListWriter,
  { rows }: SparseSource,
  begin: number,
  { degree }: RecordShape,
  maskOf: (spin: number) => number,
): void {
  let positive = 0;
  for (let n = begin; n < begin + degree; n++) if ((rows.weight[n] as number) > 0) positive++;
  list.push(positive + 65536 * (degree - positive));
  list.push(degree === 0 ? 0 : Math.abs(rows.weight[begin] as number));
  for (const sign of [1, -1]) {
    for (let n = begin; n < begin + degree; n++) {
      if (sign * (rows.weight[n] as number) > 0) list.push(maskOf(rows.spin[n] as number));
    }
  }
}

function pushWeighted(
  list: ListWriter,
  { rows }: SparseSource,
  begin: number,
  { degree, segments, sum }: RecordShape,
  maskOf: (spin: number) => number,
): void {
  list.push(segments);
  list.push(sum);
  const end = begin + degree;
  for (let segment = 0, first = begin; segment < segments; segment++) {
    const last = segmentEnd(rows, first, end);
    let negative = 0;
    for (let n = first; n < last; n++) negative += Math.max(0, -(rows.weight[n] as number));
    list.push(last - first);
    list.push(fourTimes(negative));
    for (let n = first; n < last; n++) {
      list.push(maskOf(rows.spin[n] as number));
      list.push(fourTimes((rows.weight[n] as number) & 0xff));
    }
    first = last;
  }
}

const fourTimes = (byte: number): number => byte * 0x01010101;

/** The last cell that begins at or before a unit. */
export function cellOf(cells: Uint32Array, unit: number): number {
  let [low, high] = [0, cells.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((cells[middle] as number) <= unit) low = middle;
    else high = middle;
  }
  return low;
}

/** Words of one list, and where its cells begin. */
class ListWriter {
  readonly #words: Int32Array;
  readonly #at: Uint32Array;
  readonly #before: Uint32Array;
  #next: number;
  #cell = -1;
  #records = 0;

  constructor(writer: Writer, bytes: number, cells: number) {
    this.#next = writer.reserve(bytes) / 4;
    this.#words = writer.i32;
    this.#at = new Uint32Array(cells + 1);
    this.#before = new Uint32Array(cells + 1);
  }

  /** The next record, in this cell or a later one. */
  begin(cell: number): void {
    this.#close(cell);
    this.#records++;
  }

  push(word: number): void {
    this.#words[this.#next++] = word;
  }

  list(): RecordList {
    this.#close(this.#at.length - 1);
    return { spins: this.#records, at: this.#at, before: this.#before };
  }

  #close(cell: number): void {
    while (this.#cell < cell) {
      this.#cell++;
      this.#at[this.#cell] = 4 * this.#next;
      this.#before[this.#cell] = this.#records;
    }
  }
}
