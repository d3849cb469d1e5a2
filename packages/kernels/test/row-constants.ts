/** Constants of an update of one row as the backends write them, for tests and timings. */
import { rowConstants } from '../src/row-update/row-update.exports.ts';
import { fieldLimit, inverseTable, thresholdOf } from './gibbs-constants.ts';
import type { KernelArena } from './kernel-arena.ts';

export interface RowLaw {
  /** T is 0 or 65536 beyond ± this. */
  readonly limit: number;
  /** Addresses of T as i16, from −limit on, and of its inverse. */
  readonly table: number;
  readonly inverse: number;
  readonly M: number;
  readonly sh: number;
}

/** At `address`. */
export function writeRowConstants(view: DataView, address: number, { limit, table, inverse, M, sh }: RowLaw): void {
  const i16 = (offset: number, value: (n: number) => number): void => {
    for (let n = 0; n < 8; n++) view.setInt16(address + offset + 2 * n, value(n), true);
  };
  const i32 = (offset: number, count: number, value: number): void => {
    for (let n = 0; n < count; n++) view.setInt32(address + offset + 4 * n, value, true);
  };
  const floor = 32767 - 2 * limit;
  i16(rowConstants.cap, () => 32767 - limit);
  i16(rowConstants.floor, () => floor);
  i16(rowConstants.always, () => 32766);
  i16(rowConstants.oddBytes, () => 0xff00);
  i16(rowConstants.multiplier, (n) => ((n & 1) === 0 ? M >> 1 : M - (M >> 1)));
  i16(rowConstants.sign, () => 0x8000);
  i32(rowConstants.roundShift, 1, sh - 1);
  i32(rowConstants.table, 1, table - 2 * floor);
  i32(rowConstants.table32, 1, table + 2 * limit);
  i32(rowConstants.inverse, 1, inverse);
  i32(rowConstants.limit32, 4, limit);
  i32(rowConstants.floor32, 4, -limit);
  i32(rowConstants.always32, 4, limit - 1);
}

/** Constants and both tables at fresh addresses; the constants' address. fractionBits 4 … 11. */
export function placeRowConstants(
  a: KernelArena,
  { fractionBits, M, sh }: { readonly fractionBits: number; readonly M: number; readonly sh: number },
): number {
  const limit = fieldLimit(fractionBits);
  const thresholds = Array.from({ length: 2 * limit + 1 }, (_, n) => thresholdOf(fractionBits, n - limit));
  const table = a.placeI16(thresholds.map((T) => Math.min(T, 65535) - 32768));
  const inverse = a.placeI16(inverseTable(fractionBits));
  const address = a.allocate(rowConstants.bytes);
  writeRowConstants(a.view, address, { limit, table, inverse, M, sh });
  return address;
}
