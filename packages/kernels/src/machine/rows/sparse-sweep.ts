/**
 * Color parts of banks whose only free coupling is sparse or diagonal (mode `sparse`): all tiles of a strand at once, in pieces of some cells.
 * The spins of a color are scattered over the bank, so the whole bank's random numbers are drawn once per sweep.
 */
import { rowsPerTile } from '../../row-lanes.ts';
import type { RowsInfluence, RowsPart } from './rows-block.ts';
import type { RowsContext } from './rows-context.ts';
import type { TileGroup } from './sparse/sparse-step.ts';
import type { SparseTerms } from './sparse/sparse-terms.ts';

/** Blocks of eight spins drawn (by fives, see random-words), and cells updated, between two yields: some tens of microseconds. */
const blocksPerPiece = 80;
const cellsPerPiece = 32;
/** Tiles that one call of a kernel takes. */
const tilesPerCall = 4;

/** Tiles, sweep and worker of a piece of work, and the thread's share of it. */
export interface SparseSweep {
  readonly tile: number;
  readonly tiles: number;
  /** Sweep of the run, from 1. */
  readonly t: number;
  readonly retained: boolean;
  readonly slot: number;
  readonly share: { readonly index: number; readonly of: number };
}

/** Draws of all banks in mode `sparse`, for one sweep. */
export function* drawBanks(x: RowsContext, o: SparseSweep): Generator<void, void, void> {
  const { kernels, run, scratch } = x;
  const prepared = x.scratchOf(o.slot) + scratch.prepared;
  for (const [n, { lanes }] of x.block.banks.entries()) {
    if (!lanes.free || x.at(n).mode !== 'sparse') continue;
    const blocks = Math.ceil(lanes.spinCount / 8);
    const pieces = Math.ceil(blocks / blocksPerPiece);
    for (let tile = o.tile; tile < o.tile + o.tiles; tile++) {
      kernels.prepareDraws(prepared, run.keys, x.counters(tile), run.sweepOffset + o.t);
      const draws = x.tile(tile) + x.at(n).draws;
      for (let piece = o.share.index; piece < pieces; piece += o.share.of) {
        const first = piece * blocksPerPiece;
        const count = Math.min(blocksPerPiece, blocks - first);
        x.draw(tile, draws + 256 * first, prepared, lanes.offset / 8 + first, count);
        yield;
      }
      // Another thread's work between two of ours may not change what is prepared: it has a slot of its own.
    }
  }
}

/** New states of a part's spins; how many changed. */
export function* updateSparsePart(x: RowsContext, part: RowsPart, o: SparseSweep): Generator<void, number, void> {
  const { map, giver } = x.bank(part.bank).fromFree[0] as Extract<RowsInfluence, { kind: 'sparse' }>;
  const terms = x.at(part.bank).terms as SparseTerms;
  const pieces = Math.ceil(map.cells.length / cellsPerPiece);
  const step = x.sparse(o.slot);
  let flips = 0;
  for (let tile = o.tile; tile < o.tile + o.tiles; tile += tilesPerCall) {
    const tiles = Math.min(tilesPerCall, o.tile + o.tiles - tile);
    const group = tileGroup(x, part.bank, giver, { ...o, tile, tiles });
    for (let piece = o.share.index; piece < pieces; piece += o.share.of) {
      const first = piece * cellsPerPiece;
      const cells = { first, end: Math.min(map.cells.length, first + cellsPerPiece) };
      flips += step.update({ map, part: part.index, cells }, terms, o.t, group);
      yield;
    }
  }
  return flips;
}

function tileGroup(x: RowsContext, bank: number, giver: number, o: SparseSweep): TileGroup {
  const at = x.at(bank);
  const base = x.tile(o.tile);
  const of = (offset: number): number => (offset < 0 ? 0 : base + offset);
  return {
    tiles: o.tiles,
    tileBytes: x.run.tileBytes,
    lastRows: Math.min(rowsPerTile, x.rows(o.tile + o.tiles - 1)),
    giver: base + x.at(giver).masks,
    masks: base + at.masks,
    nibbles: of(at.nibbles),
    counts: o.retained ? of(at.counts) : 0,
    conditional: o.retained ? of(at.conditional) : 0,
    fields: of(at.field),
    draws: base + at.draws,
    drawTileBytes: x.run.tileBytes,
  };
}
