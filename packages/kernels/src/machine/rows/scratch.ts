/** What a thread needs beside the tiles: one scratch area per worker, laid out here by name. */
import { counterBytes, preparedBytes } from '../../random-words/random-words.exports.ts';
import { sparseGroup } from '../../sparse-update/sparse-update.exports.ts';
import type { BankLanes } from '../bank-lanes.ts';
import { chunkUnitsMax, drawBufferBytes } from './chunks.ts';

export interface ScratchLayout {
  /** Half sums of a chunk: 128 bytes a unit. */
  readonly halfSums: number;
  /** Sums A of a chunk as 32-bit numbers: 256 bytes a unit. */
  readonly sums: number;
  /** Fields of a chunk, as 32-bit numbers. */
  readonly fields: number;
  readonly draws: number;
  /** See prepareDraws. */
  readonly prepared: number;
  /** Where SparseStep describes its tiles. */
  readonly group: number;
  /** Addresses of 16 packed rows. */
  readonly sources: number;
  /** Per pinned bank: its nibbles and masks; −1: none. By bank index. */
  readonly pinned: readonly { readonly nibbles: number; readonly masks: number }[];
  /** Per free bank, for the feed-forward start: nine planes each; −1: none. */
  readonly planes: readonly { readonly nibbles: number; readonly masks: number }[];
  readonly bytes: number;
}

/** Spins that a mean is written as (see startFeedForward). */
export const planeCount = 9;

export function scratchLayout(
  { banks }: { readonly banks: readonly { readonly lanes: BankLanes }[] },
  o: { readonly feedForward: boolean },
): ScratchLayout {
  let bytes = 0;
  const take = (size: number): number => {
    const at = bytes;
    bytes += Math.ceil(size / 64) * 64;
    return at;
  };
  const halfSums = take(128 * chunkUnitsMax);
  const sums = take(256 * chunkUnitsMax);
  const fields = take(256 * chunkUnitsMax);
  const draws = take(drawBufferBytes);
  const prepared = take(preparedBytes);
  const group = take(sparseGroup.bytes);
  const sources = take(counterBytes);
  const areas = (wanted: (free: boolean) => number) =>
    banks.map(({ lanes }) => {
      const copies = wanted(lanes.free);
      return {
        nibbles: copies > 0 && lanes.nibbles ? take(copies * 16 * lanes.units) : -1,
        masks: copies > 0 && lanes.masks ? take(copies * 16 * lanes.slots) : -1,
      };
    });
  const pinned = areas((free) => (free ? 0 : 1));
  const planes = areas((free) => (free && o.feedForward ? planeCount : 0));
  return { halfSums, sums, fields, draws, prepared, group, sources, pinned, planes, bytes };
}
