/**
 * An update of one spin after the half sums, scalar witness (semantics 4.3, 4.5, 4.6).
 *
 *   u = H + scaled(2V − base)         s = +1  iff  r < T[clamp(u)]
 */
import { everyOtherDraw } from './row-update.exports.ts';

export interface UpdateLaw {
  /** T from −limit to limit. */
  readonly table: ArrayLike<number>;
  readonly limit: number;
}

/** T of a field. */
export function thresholdOf({ table, limit }: UpdateLaw, field: number): number {
  return table[Math.max(-limit, Math.min(limit, field)) + limit] as number;
}

/** ⌊(A·M + half) / 2^sh⌋ */
export function scaledSum(A: number, { M, sh }: { readonly M: number; readonly sh: number }): number {
  return Math.floor((A * M + (sh >= 1 ? 2 ** (sh - 1) : 0)) / 2 ** sh);
}

/** ⌊(u·b + 32768) / 65536⌋ */
export function tempered(field: number, b: number): number {
  return Math.floor((field * b + 32768) / 65536);
}

/** Where the draw of unit n, lane l lies among the draws of a stretch, as i16 numbers: see `arrangeDraws` in row-update.as.ts. */
export function drawPlace(order: 0 | 1 | 2, offsets: ArrayLike<number>, unit: number, lane: number): number {
  switch (order) {
    case 0:
      return (offsets[lane] as number) / 2 + unit;
    case 1:
      return 16 * unit + lane;
    case 2:
      if (offsets[16 * unit + 1] === everyOtherDraw) {
        return (offsets[16 * unit + (lane & 8)] as number) / 2 + 2 * (lane & 7);
      }
      return (offsets[16 * unit + lane] as number) / 2;
    default:
      return order satisfies never;
  }
}

/** Number of a lane in the 16- and 32-bit forms of a unit. */
export const placeOfSpin = (lane: number): number => 8 * (lane & 1) + (lane >> 1);
