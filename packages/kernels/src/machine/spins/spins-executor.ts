/**
 * The work of a run on single rows, in whatever thread it is called: the same methods as the executor of 16 rows, a tile being one row. Work is
 * a generator that yields between stretches, some microseconds apart; whoever drains it decides when to look at clocks and signals.
 */
import { retainedIndex } from '../retained-index.ts';
import {
  alone,
  type CollectRange,
  type PackTarget,
  packedBytes,
  retainedPerFlush,
  type Share,
  type SweepRange,
  type TileWork,
} from '../rows/rows-executor.ts';
import { prepareRow } from './prepare-row.ts';
import { drawListed, updateStretch } from './spin-sweep.ts';
import type { SpinsContext } from './spins-context.ts';
import type { StretchCall } from './stretch-calls.ts';

export class SpinsExecutor {
  readonly #x: SpinsContext;
  /** Banks whose draws are made for the whole bank before a sweep. */
  readonly #listed: readonly number[];

  constructor(context: SpinsContext) {
    this.#x = context;
    this.#listed = [...context.block.banks.keys()].filter((bank) => {
      const { lanes, spins } = context.bank(bank);
      return lanes.free && spins.colors !== null;
    });
  }

  /** Static fields and the initial state of one row. */
  prepare(row: number, slot: number): TileWork {
    return prepareRow(this.#x, row, slot);
  }

  /** Sweeps of some rows; how many states changed. */
  *sweep(o: SweepRange, slot: number, share: Share = alone): TileWork<number> {
    const { run, calls } = this.#x;
    const end = o.tile + o.tiles;
    let flips = 0;
    for (let t = o.first; t <= o.last; t++) {
      const index = retainedIndex(run, t);
      if (this.#listed.length > 0) {
        for (const bank of this.#listed) {
          for (let row = o.tile; row < end; row++) {
            const sweep = run.sweepOffset + t;
            yield* drawListed(this.#x, bank, { row, sweep, slot, index: share.index, of: share.of });
          }
        }
        if (!share.meet()) return flips;
      }
      for (const color of calls) {
        for (let n = share.index; n < color.length; n += share.of) {
          const call = color[n] as StretchCall;
          flips += updateStretch(this.#x, call, { row: o.tile, rows: o.tiles, t, retained: index >= 0, slot });
          yield;
        }
        if (!share.meet()) return flips;
      }
      if (index < 0) continue;
      if (share.index === 0) {
        for (let row = o.tile; row < end; row++) yield* this.#retain(row, index);
      }
      if (!share.meet()) return flips;
    }
    return flips;
  }

  /** The present state of a row's free banks, by bank index; null: not wanted. */
  *pack(row: number, targets: readonly (PackTarget | null)[]): TileWork {
    for (const [bank, target] of targets.entries()) {
      if (target === null) continue;
      this.#packBank(bank, row, target.address + row * target.rowBytes);
      yield;
    }
  }

  *collect({ bank, observable, firstRow, endRow, out }: CollectRange): TileWork {
    const { kernels, run } = this.#x;
    const { lanes, slots } = this.#x.bank(bank);
    const { channels, pixels } = lanes;
    const at = this.#x.at(bank);
    for (let row = firstRow; row < endRow; row++) {
      const base = this.#x.row(row);
      const of = (offset: number): number => (offset < 0 ? 0 : base + offset);
      if (observable === 'spin-sum') {
        kernels.collectRow(out, of(at.spinSums), of(at.counts), slots, channels, pixels, -run.retained);
      } else {
        // Σ(T − 32768), doubled, is Σ(2T − 65536).
        kernels.collectRow(out, of(at.conditional), 0, slots, channels, pixels, 0);
      }
      yield;
    }
  }

  /** After a retained sweep: counts that might overflow, and stored states. */
  *#retain(row: number, index: number): TileWork {
    const { kernels, run, block } = this.#x;
    const base = this.#x.row(row);
    for (const [bank, { lanes, spins }] of block.banks.entries()) {
      if (!lanes.free) continue;
      const at = this.#x.at(bank);
      if (at.spinSums >= 0 && (index + 1) % retainedPerFlush === 0) {
        kernels.flushCounts(base + at.spinSums, base + at.counts, spins.units);
        yield;
      }
      if (at.states > 0) {
        this.#packBank(bank, row, at.states + (row * run.retained + index) * packedBytes(lanes.spinCount));
        yield;
      }
    }
  }

  #packBank(bank: number, row: number, out: number): void {
    const { lanes, slots } = this.#x.bank(bank);
    const { nibbles, masks } = this.#x.at(bank);
    const base = this.#x.row(row);
    const of = (offset: number): number => (offset < 0 ? 0 : base + offset);
    this.#x.kernels.packRow(out, of(nibbles), of(masks), slots, lanes.channels, lanes.pixels);
  }
}
