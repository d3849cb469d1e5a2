/** The constants of a bank's update in memory, by the names of `gibbsConstants`. */
import { gibbsConstants } from '@isinglass/kernels';
import { activationTable } from '@isinglass/sdk';

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

/** The 16-bit form addresses the table with 16 bits: 4·limit + 2 bytes must be below 2¹⁶. */
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

/** What all tiles and banks of a block share. `table` is the address of the threshold table. */
export function writeUpdateConstants(
  buffer: SharedArrayBuffer,
  address: number,
  o: {
    readonly fractionBits: number;
    readonly table: number;
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
