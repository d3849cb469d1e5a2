/** What a tile of 16 rows holds for each free bank, and where (offsets from the tile). */
import { drawBytesPerBlock } from '../../random-words/random-words.exports.ts';
import type { BankLanes } from '../bank-lanes.ts';

export interface TileBank {
  /** −1: not there. */
  readonly nibbles: number;
  readonly masks: number;
  readonly field: number;
  readonly counts: number;
  readonly spinSums: number;
  readonly conditional: number;
  readonly draws: number;
}

/** Which parts a run needs of a bank. */
export interface TileNeeds {
  /** Bytes of the static field per slot and row; 0: all rows share it. */
  readonly fieldBytes: 0 | 2 | 4;
  readonly counts: boolean;
  /** More retained sweeps than a count holds. */
  readonly spinSums: boolean;
  readonly conditional: boolean;
  /** Draws of a whole bank. */
  readonly draws?: boolean;
}

/** Everything that any run may need. */
export const allNeeds: TileNeeds = { fieldBytes: 4, counts: true, spinSums: true, conditional: true, draws: true };

/** By bank index; null for pinned banks. */
export function tileLayout(banks: readonly { readonly lanes: BankLanes; readonly needs: TileNeeds }[]): {
  readonly banks: readonly (TileBank | null)[];
  readonly bytes: number;
} {
  let bytes = 0;
  const take = (wanted: boolean, size: number): number => {
    if (!wanted) return -1;
    const at = bytes;
    bytes += Math.ceil(size / 64) * 64;
    return at;
  };
  const places = banks.map(({ lanes, needs }): TileBank | null => {
    if (!lanes.free) return null;
    return {
      nibbles: take(lanes.nibbles, 16 * lanes.units),
      masks: take(lanes.masks, 16 * lanes.slots),
      field: take(needs.fieldBytes > 0, 16 * needs.fieldBytes * lanes.slots),
      counts: take(needs.counts, 16 * lanes.slots),
      spinSums: take(needs.spinSums, 64 * lanes.slots),
      conditional: take(needs.conditional, 64 * lanes.slots),
      draws: take(needs.draws === true, drawBytesPerBlock * Math.ceil(lanes.spinCount / 8)),
    };
  });
  // Neighbouring tiles belong to different threads: no cache line in common. Nor may the same place of several tiles fall on the same
  // lines of a cache, as multiples of 4096 do.
  const lines = Math.ceil(bytes / 128);
  return { banks: places, bytes: 128 * (lines % 32 === 0 ? lines + 1 : lines) };
}
