/** The constants of a bank's update in memory: names and offsets of gibbs-update.as.ts, and what goes there. */
import { activationTable } from '@isinglass/sdk';
import { updateConstantBytes } from './rows-block.ts';

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
  o: { readonly fractionBits: number; readonly table: number; readonly M: number; readonly sh: number },
): void {
  const i16 = new Int16Array(buffer, address, updateConstantBytes / 2);
  const i32 = new Int32Array(buffer, address, updateConstantBytes / 4);
  const u8 = new Uint8Array(buffer, address, updateConstantBytes);
  const limit = fieldLimitOf(o.fractionBits);
  // T is 65536 from `limit` on, 65535 or less before it: fieldLimitOf is the smallest such limit.
  const floor = 32767 - 2 * limit;
  i16.fill(32767 - limit, 0, 8);
  i16.fill(floor, 8, 16);
  i16.fill(32766, 16, 24);
  i16.fill(0xff00, 24, 32);
  for (let c = 0; c < 4; c++) u8.fill(1 << c, 64 + 16 * c, 80 + 16 * c);
  for (let n = 0; n < 16; n++) u8[128 + n] = (n & 1) + ((n >> 1) & 1) + ((n >> 2) & 1) + ((n >> 3) & 1);
  u8.fill(0xff, 144, 160);
  const half = Math.floor(o.M / 2);
  for (let n = 80; n < 88; n += 2) {
    i16[n] = half;
    i16[n + 1] = o.M - half;
  }
  i32[44] = o.sh - 1;
  i32[45] = o.table - 2 * floor;
  i32.fill(limit, 48, 52);
  i32.fill(-limit, 52, 56);
  i32.fill(limit - 1, 56, 60);
  i32[60] = o.table + 2 * limit;
}
