/** What a thread needs beside the rows: one scratch area per worker, laid out here by name. */

import { rowScratchBytes } from '../../row-update/row-update.exports.ts';
import { rowPreparedBytes } from '../../row-words/row-words.exports.ts';
import type { SpinLanes } from './spin-lanes.ts';
import { stretchDrawBytes, stretchUnitsMax } from './stretches.ts';

export interface SpinsScratch {
  /** Half sums of a stretch: 32 bytes a unit. */
  readonly halfSums: number;
  /** Sums A and fields of a stretch as 32-bit numbers: 64 bytes a unit. */
  readonly sums: number;
  readonly fields: number;
  readonly draws: number;
  /** See prepareRowDraws. */
  readonly prepared: number;
  /** Draws of eight units in the order of their lanes. */
  readonly arranged: number;
  /** Per pinned bank: its nibbles and masks; −1: none. By bank index. */
  readonly pinned: readonly SpinAreas[];
  /** Per free bank, for the feed-forward start: nine planes each; −1: none. */
  readonly planes: readonly SpinAreas[];
  readonly bytes: number;
}

export interface SpinAreas {
  readonly nibbles: number;
  readonly masks: number;
}

/** Spins that a mean is written as (see startRowFeedForward). */
export const planeCount = 9;

export function spinsScratch(banks: readonly SpinLanes[], o: { readonly feedForward: boolean }): SpinsScratch {
  let bytes = 0;
  const take = (size: number): number => {
    const at = bytes;
    bytes += Math.ceil(size / 64) * 64;
    return at;
  };
  const halfSums = take(32 * stretchUnitsMax);
  const sums = take(64 * stretchUnitsMax);
  const fields = take(64 * stretchUnitsMax);
  const draws = take(stretchDrawBytes);
  const prepared = take(rowPreparedBytes);
  const arranged = take(rowScratchBytes);
  const areas = (copiesOf: (free: boolean) => number) =>
    banks.map(({ lanes, units, slots }): SpinAreas => {
      const copies = copiesOf(lanes.free);
      return {
        nibbles: copies > 0 && lanes.nibbles ? take(copies * 4 * units) : -1,
        masks: copies > 0 && lanes.masks ? take(copies * slots) : -1,
      };
    });
  const pinned = areas((free) => (free ? 0 : 1));
  const planes = areas((free) => (free && o.feedForward ? planeCount : 0));
  return { halfSums, sums, fields, draws, prepared, arranged, pinned, planes, bytes: Math.ceil(bytes / 128) * 128 };
}
