/** The constants of a bank's update in memory, by the names of `gibbsConstants`. */

import { activationTable } from '@isinglass/sdk';
import { gibbsConstants } from '../../gibbs-update/gibbs-update.exports.ts';

/** Beyond ± this, T is 0 or 65536 whatever the field: the smallest such limit for k fraction bits. */
export function fieldLimitOf(fractionBits: number): number {
  const table = activationTable(fractionBits);
  const middle = (table.length - 1) / 2;
  let limit = middle;
  while (limit > 1 && table[middle + limit - 1] === 65536) limit--;
  return limit;
}

/** Bytes of the table of T. */
export function thresholdTableBytes(fractionBits: number): number {
  return 2 * (2 * fieldLimitOf(fractionBits) + 1);
}

/** The 16-bit form addresses the table with 16 bits: 4·limit + 2 bytes must be below 2¹⁶. It alone uses the inverse table. */
export function fitsShortTable(fractionBits: number): boolean {
  return 4 * fieldLimitOf(fractionBits) < 2 ** 16 - 2;
}

/** min(T, 65535) − 32768 for −limit … limit, at `address` (even). */
export function writeThresholdTable(i16: Int16Array, address: number, fractionBits: number): void {
  const table = activationTable(fractionBits);
  const middle = (table.length - 1) / 2;
  const limit = fieldLimitOf(fractionBits);
  for (let j = -limit; j <= limit; j++) {
    i16[address / 2 + j + limit] = Math.min(65535, table[middle + j] as number) - 32768;
  }
}

/** Bytes of the inverse table: one i16 per draw. */
export const inverseTableBytes = 2 * 65536;

/**
 * T inverted, for `fitsShortTable`: s = +1 iff x > inverse[r]. By the bits of r − 32768, at `address` (even): the largest x = u + 32767 − limit with
 * T ≤ r, 32766 − 2·limit where there is none.
 */
export function writeInverseTable(i16: Int16Array, address: number, fractionBits: number): void {
  const table = activationTable(fractionBits);
  const middle = (table.length - 1) / 2;
  const limit = fieldLimitOf(fractionBits);
  // T never falls with u, and is 65536 at `limit`.
  let above = -limit;
  for (let r = 0; r < 65536; r++) {
    while ((table[middle + above] as number) <= r) above++;
    i16[address / 2 + (r ^ 0x8000)] = above - 1 + 32767 - limit;
  }
}

/** What all tiles and banks of a block share. `table` and `inverse` are the addresses of the threshold table and the inverse one (0: not there). */
export function writeUpdateConstants(
  buffer: SharedArrayBuffer,
  address: number,
  o: {
    readonly fractionBits: number;
    readonly table: number;
    readonly inverse: number;
    readonly M: number;
    readonly sh: number;
    /** V may exceed 32767. */
    readonly wide: boolean;
  },
): void {
  const at = gibbsConstants;
  const i16 = (offset: number, length = 8): Int16Array => new Int16Array(buffer, address + offset, length);
  const i32 = (offset: number, length = 4): Int32Array => new Int32Array(buffer, address + offset, length);
  const u8 = (offset: number): Uint8Array => new Uint8Array(buffer, address + offset, 16);
  const limit = fieldLimitOf(o.fractionBits);
  const floor = 32767 - 2 * limit;
  i16(at.cap).fill(32767 - limit);
  i16(at.floor).fill(floor);
  // T is 65536 from `limit` on, 65535 or less before it: fieldLimitOf is the smallest such limit.
  i16(at.always).fill(32766);
  i16(at.oddBytes).fill(0xff00);
  for (let c = 0; c < 4; c++) u8(at.bits + 16 * c).fill(1 << c);
  u8(at.popcount).set(Array.from({ length: 16 }, (_, n) => (n & 1) + ((n >> 1) & 1) + ((n >> 2) & 1) + ((n >> 3) & 1)));
  u8(at.rows).fill(0xff);
  const half = Math.floor(o.M / 2);
  i16(at.multiplier).set([half, o.M - half, half, o.M - half, half, o.M - half, half, o.M - half]);
  i32(at.roundShift, 1)[0] = o.sh - 1;
  i32(at.table, 1)[0] = o.table - 2 * floor;
  i32(at.inverse, 1)[0] = o.inverse;
  i32(at.limit32).fill(limit);
  i32(at.floor32).fill(-limit);
  i32(at.always32).fill(limit - 1);
  i32(at.table32, 1)[0] = o.table + 2 * limit;
  i16(at.sign).fill(o.wide ? 0x8000 : 0);
}

/** The rows of a tile from `rows` on do not exist: their flips are not counted. */
export function excludeRows(buffer: SharedArrayBuffer, address: number, rows: number): void {
  new Uint8Array(buffer, address + gibbsConstants.rows, 16).fill(0, rows);
}
