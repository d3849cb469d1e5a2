/**
 * Which thread sweeps which tiles when. Tiles are independent, so each thread gets tiles of its own for as long as there are enough; tiles
 * that are left over are done by all threads together, color by color. A strand is done from the first sweep to the last in pieces of some
 * milliseconds, so that threads take turns, progress is seen and an abort is noticed.
 */
import type { SweepRange } from './rows/rows-executor.ts';
import type { SchedulePolicy } from './schedule-policy.ts';

export interface Strand {
  readonly ranges: readonly SweepRange[];
  /** All threads do it together. */
  readonly together: boolean;
}

/** With so many tiles per thread, an uneven end is shorter than meeting is dear. */
const tilesPerThreadMany = 8;

export interface ScheduleRequest {
  readonly tiles: number;
  readonly workers: number;
  readonly first: number;
  readonly last: number;
  /** Of one tile and sweep. */
  readonly workPerTile: number;
  /** Tiles that share a look at the tables, at most. */
  readonly tilesPerStrand: number;
}

export function sweepSchedule(o: ScheduleRequest, policy: SchedulePolicy): readonly Strand[] {
  const { tiles, workers, tilesPerStrand } = o;
  const rest = tiles < tilesPerThreadMany * workers ? tiles % workers : 0;
  const together = workers > 1 && o.workPerTile * rest >= policy.togetherMin ? rest : 0;
  const alone = tiles - together;
  const perStrand = Math.max(1, Math.min(tilesPerStrand, Math.floor(alone / workers)));
  const strands: Strand[] = [];
  for (let tile = 0; tile < alone; tile += perStrand) {
    const count = Math.min(perStrand, alone - tile);
    strands.push({ ranges: pieces(o, { tile, tiles: count }, policy.piece), together: false });
  }
  if (together > 0) {
    const piece = policy.piece * workers;
    strands.push({ ranges: pieces(o, { tile: alone, tiles: together }, piece), together: true });
  }
  return strands;
}

function pieces(
  { first, last, workPerTile }: ScheduleRequest,
  { tile, tiles }: Pick<SweepRange, 'tile' | 'tiles'>,
  work: number,
): SweepRange[] {
  const sweeps = Math.max(1, Math.round(work / (workPerTile * tiles)));
  const ranges: SweepRange[] = [];
  for (let from = first; from <= last; from += sweeps) {
    ranges.push({ tile, tiles, first: from, last: Math.min(last, from + sweeps - 1) });
  }
  return ranges;
}
