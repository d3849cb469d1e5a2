/** What one row holds for each free bank, and where (offsets from the row's tile). */
import { rowDrawBytes } from '../../row-words/row-words.exports.ts';
import type { TileNeeds } from '../rows/tile-layout.ts';
import type { SpinLanes } from './spin-lanes.ts';
import type { SpinsRunBank } from './spins-block.ts';

export type RowPlaces = Pick<
  SpinsRunBank,
  'nibbles' | 'masks' | 'field' | 'counts' | 'spinSums' | 'conditional' | 'draws'
>;

/** By bank index; null for pinned banks. */
export function rowLayout(banks: readonly { readonly spins: SpinLanes; readonly needs: TileNeeds }[]): {
  readonly banks: readonly (RowPlaces | null)[];
  readonly bytes: number;
} {
  let bytes = 0;
  const take = (wanted: boolean, size: number): number => {
    if (!wanted) return -1;
    const at = bytes;
    bytes += Math.ceil(size / 64) * 64;
    return at;
  };
  const places = banks.map(({ spins, needs }): RowPlaces | null => {
    const { lanes, units, slots, colors } = spins;
    if (!lanes.free) return null;
    return {
      nibbles: take(lanes.nibbles, 4 * units),
      masks: take(lanes.masks, slots),
      field: take(needs.fieldBytes > 0, needs.fieldBytes * slots),
      counts: take(needs.counts, slots),
      spinSums: take(needs.spinSums, 4 * slots),
      conditional: take(needs.conditional, 4 * slots),
      draws: take(colors !== null, rowDrawBytes(Math.ceil(lanes.spinCount / 8))),
    };
  });
  // Neighbouring rows belong to different threads: no cache line in common.
  return { banks: places, bytes: Math.ceil(bytes / 128) * 128 };
}
