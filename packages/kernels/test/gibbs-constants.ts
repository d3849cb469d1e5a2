/** Constants and thresholds of an update as the backends write them, for tests and timings. */
import { activationTable } from '@isinglass/sdk';
import { gibbsConstants } from '../src/gibbs-update/gibbs-update.exports.ts';
import { rowsPerTile } from '../src/row-lanes.ts';
import type { KernelArena } from './kernel-arena.ts';

export interface GibbsLaw {
  readonly fractionBits: number;
  readonly M: number;
  readonly sh: number;
  /** Rows of the tile. */
  readonly rows: number;
  /** V may exceed 32767: it is multiplied as V − 32768. Default: no. */
  readonly wide?: boolean;
}

/** Where T is 65536, whatever the field; the smallest such field. */
export function fieldLimit(fractionBits: number): number {
  const table = activationTable(fractionBits);
  return table.indexOf(65536) - (table.length - 1) / 2;
}

/** T[clamp(u)] of the law. */
export function thresholdOf(fractionBits: number, u: number): number {
  const table = activationTable(fractionBits);
  const middle = (table.length - 1) / 2;
  return table[middle + Math.max(-middle, Math.min(u, middle))] as number;
}

/** The 16-bit form and its inverse table have sense for these. */
export const shortFractionBits: readonly number[] = [4, 5, 6, 7, 8, 9, 10, 11];

/** Draws of fields whose threshold is T: the least and the largest one, and those next to T. */
export function drawsAbout(T: number): readonly number[] {
  return [0, T - 1, T, T + 1, 65535].map((r) => Math.max(0, Math.min(r, 65535)));
}

/**
 * By the bits of r − 32768: the largest x = u + 32767 − L with T ≤ r, u from −L to L, L = `fieldLimit`; 32766 − 2L where there is none.
 */
export function inverseTable(fractionBits: number): Int16Array {
  const limit = fieldLimit(fractionBits);
  const table = new Int16Array(65536);
  let u = -limit - 1;
  for (let r = 0; r < 65536; r++) {
    while (thresholdOf(fractionBits, u + 1) <= r) u++;
    table[(r - 32768) & 0xffff] = u + 32767 - limit;
  }
  return table;
}

/** Address of the constants. The 16-bit form has sense for fractionBits 4 … 11, M ≤ 65534, sh ≥ 1 only. */
export function placeGibbsConstants(a: KernelArena, { fractionBits, M, sh, rows, wide = false }: GibbsLaw): number {
  const limit = fieldLimit(fractionBits);
  const thresholds = Array.from({ length: 2 * limit + 1 }, (_, n) => thresholdOf(fractionBits, n - limit));
  const table = a.placeI16(thresholds.map((T) => Math.min(T, 65535) - 32768));
  const inverse = shortFractionBits.includes(fractionBits) ? a.placeI16(inverseTable(fractionBits)) : 0;
  const constants = a.allocate(gibbsConstants.bytes);
  const i16 = (at: number, value: (n: number) => number): void => {
    for (let n = 0; n < 8; n++) a.view.setInt16(constants + at + 2 * n, value(n), true);
  };
  const i32 = (at: number, value: number): void => {
    for (let n = 0; n < 4; n++) a.view.setInt32(constants + at + 4 * n, value, true);
  };
  const u8 = (at: number, value: (n: number) => number): void => {
    for (let n = 0; n < rowsPerTile; n++) a.view.setUint8(constants + at + n, value(n));
  };
  const floor = 32767 - 2 * limit;
  i16(gibbsConstants.cap, () => 32767 - limit);
  i16(gibbsConstants.floor, () => floor);
  i16(gibbsConstants.always, () => 32766);
  i16(gibbsConstants.oddBytes, () => 0xff00);
  for (let c = 0; c < 4; c++) u8(gibbsConstants.bits + 16 * c, () => 1 << c);
  u8(gibbsConstants.popcount, (n) => [...n.toString(2)].filter((bit) => bit === '1').length);
  u8(gibbsConstants.rows, (n) => (n < rows ? 0xff : 0));
  i16(gibbsConstants.multiplier, (n) => ((n & 1) === 0 ? M >> 1 : M - (M >> 1)));
  a.view.setInt32(constants + gibbsConstants.roundShift, sh - 1, true);
  a.view.setInt32(constants + gibbsConstants.table, table - 2 * floor, true);
  a.view.setInt32(constants + gibbsConstants.inverse, inverse, true);
  i32(gibbsConstants.limit32, limit);
  i32(gibbsConstants.floor32, -limit);
  i32(gibbsConstants.always32, limit - 1);
  a.view.setInt32(constants + gibbsConstants.table32, table + 2 * limit, true);
  i16(gibbsConstants.sign, () => (wide ? 0x8000 : 0));
  return constants;
}
