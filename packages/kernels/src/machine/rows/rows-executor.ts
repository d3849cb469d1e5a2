/**
 * The work of a run on tiles of 16 rows, in whatever thread it is called. Work is a generator that yields between chunks, some microseconds
 * apart; whoever drains it decides when to look at clocks and signals.
 */
import { rowsPerTile } from '../../row-lanes.ts';
import { retainedIndex } from '../retained-index.ts';
import type { DrawGroup } from './chunks.ts';
import { updateGroup } from './gibbs-sweep.ts';
import { prepareTile } from './prepare-tile.ts';
import type { RowsContext } from './rows-context.ts';
import { drawBanks, updateSparsePart } from './sparse-sweep.ts';

export type TileWork<T = void> = Generator<void, T, void>;

/** Which part of every color a thread does, when several do one tile together. */
export interface Share {
  readonly index: number;
  readonly of: number;
  /** Sleeps until all have come; false: the run is over. */
  meet(): boolean;
}

export const alone: Share = { index: 0, of: 1, meet: () => true };

/** Counts are bytes: flushed after so many retained sweeps. */
export const retainedPerFlush = 255;

/** Consecutive tiles and sweeps. */
export interface SweepRange {
  readonly tile: number;
  readonly tiles: number;
  /** From 1, both included. */
  readonly first: number;
  readonly last: number;
}

/** Where packed rows of a bank go: row r of the run at address + r·rowBytes. */
export interface PackTarget {
  readonly address: number;
  readonly rowBytes: number;
}

/** Sums of one bank over some rows, added to i32 per spin at `out`. */
export interface CollectRange {
  readonly bank: number;
  readonly observable: 'spin-sum' | 'conditional-sum';
  readonly firstRow: number;
  readonly endRow: number;
  readonly out: number;
}

export class RowsExecutor {
  readonly #x: RowsContext;
  readonly #hasSparse: boolean;

  constructor(context: RowsContext) {
    this.#x = context;
    this.#hasSparse = context.run.banks.some((bank) => bank?.mode === 'sparse');
  }

  /** Static fields and the initial state of one tile. */
  prepare(tile: number, slot: number): TileWork {
    return prepareTile(this.#x, tile, slot);
  }

  /** Sweeps of some tiles; how many states changed. */
  *sweep(o: SweepRange, slot: number, share: Share = alone): TileWork<number> {
    const { run, block, groups } = this.#x;
    let flips = 0;
    for (let t = o.first; t <= o.last; t++) {
      const index = retainedIndex(run, t);
      const sparse = { tile: o.tile, tiles: o.tiles, t, retained: index >= 0, slot, share };
      if (this.#hasSparse) {
        yield* drawBanks(this.#x, sparse);
        if (!share.meet()) return flips;
      }
      for (const color of block.colors) {
        for (const part of color) {
          if (this.#x.at(part.bank).mode === 'sparse') {
            flips += yield* updateSparsePart(this.#x, part, sparse);
            continue;
          }
          const ofBank = groups[part.bank] as readonly DrawGroup[];
          for (let n = share.index; n < ofBank.length; n += share.of) {
            for (let tile = o.tile; tile < o.tile + o.tiles; tile++) {
              flips += updateGroup(this.#x, part, ofBank[n] as DrawGroup, { tile, t, retained: index >= 0, slot });
            }
            yield;
          }
        }
        if (!share.meet()) return flips;
      }
      if (index < 0) continue;
      if (share.index === 0) {
        for (let tile = o.tile; tile < o.tile + o.tiles; tile++) yield* this.#retain(tile, index);
      }
      if (!share.meet()) return flips;
    }
    return flips;
  }

  /** The present state of a tile's free banks, by bank index; null: not wanted. */
  *pack(tile: number, targets: readonly (PackTarget | null)[]): TileWork {
    for (const [bank, target] of targets.entries()) {
      if (target === null) continue;
      this.#packBank(bank, tile, target.address + tile * rowsPerTile * target.rowBytes, target.rowBytes);
      yield;
    }
  }

  *collect({ bank, observable, firstRow, endRow, out }: CollectRange): TileWork {
    const { kernels, run } = this.#x;
    const { channels, pixels } = this.#x.bank(bank).lanes;
    const at = this.#x.at(bank);
    for (let row = firstRow; row < endRow; row++) {
      const tile = this.#x.tile(Math.floor(row / rowsPerTile));
      const lane = row % rowsPerTile;
      const of = (offset: number): number => (offset < 0 ? 0 : tile + offset);
      if (observable === 'spin-sum') {
        kernels.collectLane(out, of(at.spinSums), of(at.counts), lane, channels, pixels, -run.retained);
      } else {
        // Σ(T − 32768), doubled, is Σ(2T − 65536).
        kernels.collectLane(out, of(at.conditional), 0, lane, channels, pixels, 0);
      }
      yield;
    }
  }

  /** After a retained sweep: counts that might overflow, and stored states. */
  *#retain(tile: number, index: number): TileWork {
    const { kernels, run, block } = this.#x;
    const base = this.#x.tile(tile);
    for (const [bank, { lanes }] of block.banks.entries()) {
      if (!lanes.free) continue;
      const at = this.#x.at(bank);
      if (at.spinSums >= 0 && (index + 1) % retainedPerFlush === 0) {
        kernels.flushCounts(base + at.spinSums, base + at.counts, lanes.slots);
        yield;
      }
      if (at.states > 0) {
        const rowBytes = packedBytes(lanes.spinCount);
        const first = tile * rowsPerTile * run.retained + index;
        this.#packBank(bank, tile, at.states + first * rowBytes, run.retained * rowBytes);
        yield;
      }
    }
  }

  #packBank(bank: number, tile: number, out: number, rowStride: number): void {
    const { channels, pixels } = this.#x.bank(bank).lanes;
    const { nibbles, masks } = this.#x.at(bank);
    const base = this.#x.tile(tile);
    const of = (offset: number): number => (offset < 0 ? 0 : base + offset);
    this.#x.kernels.packTile(out, rowStride, this.#x.rows(tile), of(nibbles), of(masks), channels, pixels);
  }
}

/** Bytes of a packed row. */
export function packedBytes(spinCount: number): number {
  return 4 * Math.ceil(spinCount / 32);
}
