/** Sweeps of many rows in WebAssembly: what fast-sampler.ts does row by row, for machines whose updates are in a table and whose draws are the law's. */
import type { PatternTable } from '../pattern-table.ts';
import { builds } from './generated/row-sweep.wasm.ts';
import type { RowSweepKernels } from './row-sweep.exports.ts';

/** The part of WebAssembly that is used here, typed: its types come with the DOM's, which this package does without. */
interface Engine {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Memory: new (o: { readonly initial: number }) => Memory;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: Memory } },
  ) => { readonly exports: object };
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** Everything about a sweep that is the same in every row. */
export interface SweptBlock {
  readonly spins: number;
  readonly table: PatternTable;
  readonly readsBefore: boolean;
  /** Spins in the order of their updates. */
  readonly order: Uint32Array;
  /** c0 of every Philox block with a free spin, and the spin in each of its eight lanes, or −1. */
  readonly draws: { readonly groups: Uint32Array; readonly lanes: Int32Array };
}

export interface RowsToSweep {
  /** ±1, row after row; changed in place. */
  readonly states: Int8Array;
  /** n of every update; written. */
  readonly plusDraws: Int32Array;
  /** c2 and c3 of every row. */
  readonly counters: Uint32Array;
  readonly c1: number;
  readonly key: readonly [number, number];
}

const pageBytes = 65_536;
const words = 20;

export class RowSweep {
  readonly #memory: Memory;
  readonly #kernels: RowSweepKernels;

  constructor() {
    const { Module, Memory, Instance } = (globalThis as unknown as { readonly WebAssembly: Engine }).WebAssembly;
    this.#memory = new Memory({ initial: 1 });
    const module = new Module(Uint8Array.from(atob(builds.baseline), (character) => character.charCodeAt(0)));
    this.#kernels = new Instance(module, { env: { memory: this.#memory } }).exports as RowSweepKernels;
  }

  /** Returns the flips. Keeps nothing between two calls. */
  sweep(block: SweptBlock, rows: RowsToSweep): number {
    const { spins, table, order, draws, readsBefore } = block;
    const { states, plusDraws, counters, c1, key } = rows;
    let end = 4 * words;
    const place = (bytes: number): number => {
      const at = end;
      end += Math.ceil(bytes / 16) * 16;
      return at;
    };
    const parts = [
      order,
      table.links.start,
      table.links.read,
      table.first,
      table.cells,
      draws.groups,
      draws.lanes,
      counters,
      states,
    ] as const;
    const [orderAt, startAt, readAt, firstAt, cellsAt, groupsAt, lanesAt, countersAt, statesAt] = parts.map((part) =>
      place(part.byteLength),
    ) as [number, number, number, number, number, number, number, number, number];
    const plusDrawsAt = place(plusDraws.byteLength);
    const drawsAt = place(2 * spins);
    const nowAt = place(2 * spins);
    const missing = end - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
    const { buffer } = this.#memory;
    new Uint32Array(buffer, 0, words).set([
      ...[spins, counters.length / 2, statesAt, plusDrawsAt, countersAt, c1, ...key],
      ...[groupsAt, draws.groups.length, lanesAt, orderAt, order.length, startAt, readAt, firstAt, cellsAt],
      ...[drawsAt, nowAt, readsBefore ? 1 : 0],
    ]);
    const bytes = new Uint8Array(buffer);
    const at = [orderAt, startAt, readAt, firstAt, cellsAt, groupsAt, lanesAt, countersAt, statesAt];
    for (const [n, part] of parts.entries()) {
      bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at[n]);
    }
    const own = new Int32Array(buffer, plusDrawsAt, plusDraws.length);
    // Pinned and stuck spins keep what they have.
    own.set(plusDraws);
    const flips = this.#kernels.sweepRows(0);
    states.set(new Int8Array(buffer, statesAt, states.length));
    plusDraws.set(own);
    return flips;
  }
}
