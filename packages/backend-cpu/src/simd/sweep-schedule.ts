/**
 * Which thread sweeps which tiles when. Tiles are independent, so each thread gets tiles of its own for as long as there are enough; tiles
 * that are left over are done by all threads together, color by color. A strand is done from the first sweep to the last in pieces of some
 * milliseconds, so that threads take turns, progress is seen and an abort is noticed.
 */
import type { SweepRange } from './rows/rows-executor.ts';

export interface Strand {
  readonly ranges: readonly SweepRange[];
  /** All threads do it together. */
  readonly together: boolean;
}

/** Synaptic operations and equivalents of one piece: about ten milliseconds. */
const workPerPiece = 1.5e9;
/** Tiles that share a look at the tables. */
const tilesPerStrand = 4;
/** Below this much work per sweep, threads that meet after every color cost more than they gain. */
const workTogetherMin = 2e8;

export function sweepSchedule(o: {
  readonly tiles: number;
  readonly workers: number;
  readonly first: number;
  readonly last: number;
  readonly workPerTile: number;
}): readonly Strand[] {
  const { tiles, workers } = o;
  const rest = tiles % workers;
  // With many tiles per thread, an uneven end is shorter than meeting is dear.
  const together = workers > 1 && rest > 0 && tiles < 8 * workers && o.workPerTile * rest > workTogetherMin ? rest : 0;
  const alone = tiles - together;
  const perStrand = Math.max(1, Math.min(tilesPerStrand, Math.floor(alone / workers)));
  const strands: Strand[] = [];
  for (let tile = 0; tile < alone; tile += perStrand) {
    strands.push({ ranges: pieces({ ...o, tile, tiles: Math.min(perStrand, alone - tile) }), together: false });
  }
  if (together > 0) strands.push({ ranges: pieces({ ...o, tile: alone, tiles: together }), together: true });
  return strands;
}

function pieces(o: {
  readonly tile: number;
  readonly tiles: number;
  readonly first: number;
  readonly last: number;
  readonly workPerTile: number;
}): SweepRange[] {
  const sweeps = Math.max(1, Math.round(workPerPiece / (o.workPerTile * o.tiles)));
  const ranges: SweepRange[] = [];
  for (let first = o.first; first <= o.last; first += sweeps) {
    ranges.push({ tile: o.tile, tiles: o.tiles, first, last: Math.min(o.last, first + sweeps - 1) });
  }
  return ranges;
}
