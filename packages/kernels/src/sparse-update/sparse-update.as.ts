// One color of one bank whose only free coupling is sparse (or diagonal), 16 rows at a time, one to four tiles together: sum over the
// neighbours, threshold, draw, new state, readouts (semantics 4.3 - 4.6).
//
//   V = sum of |w_j| over the neighbours whose state agrees with the sign of w_j     A = 2V - sum|w|     u = H + scaled(A)     s = +1 iff r < T[u]
//
// updateEqual:    all |w| of the spin are equal, at most 15 neighbours: V = |w| n, and n picks T from a table of 16 in registers.
// updateTabled:   H is the same in all rows: T is a function of V, one table for all spins of equal H and parity of sum|w|.
// updateWeighted: the law itself; H may differ from row to row.
//
// Parallel:  lanes are rows. The records of a color are read once for all tiles: an offset is loaded, then 16 states of each tile.
// Summed:    as bytes, modulo 256: the state mask (0 or -1) selects the signed weight, and the segment starts at the sum of its negative
//            |w|, so that a segment ends at its V, 0 ... 255. Widening: a += v, h += v >> 8 on 16-bit lanes; E = a - (h << 8), O = h.
// Reads:     masks of the giving bank, draws. Writes: masks (counts, conditional sums, where given) of this color's spins only.
// Exact if:  the sum|w| of a segment is at most 255, and V at most 32767 (updateEqual: n at most 15); the caller proves both.

import { finishEqual, finishTabled, finishWeighted, ODD_BYTES, ROUND_SHIFT, TABLE } from './finish-update.as';
import {
  COUNT_TILE, COUNTS, DRAW_TILE, DRAWS, FIELD_TILE, FIELDS, GIVER, GIVER_TILE, MASK_TILE, MASKS, ROWS, step, SUM_TILE, SUMS, TABLES,
} from './tile-group.as';

export { updateEqualPairs, updateTabledPairs, updateWeightedPairs } from './pair-update.as';

@inline
function equalSpins(T: i32, constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  const giver = usize(load<u32>(group, GIVER));
  const giverTile = usize(load<u32>(group, GIVER_TILE));
  const masks = usize(load<u32>(group, MASKS));
  const maskTile = usize(load<u32>(group, MASK_TILE));
  const draws = usize(load<u32>(group, DRAWS));
  const drawTile = usize(load<u32>(group, DRAW_TILE));
  const counts = usize(load<u32>(group, COUNTS));
  const countTile = usize(load<u32>(group, COUNT_TILE));
  const sums = usize(load<u32>(group, SUMS));
  const sumTile = usize(load<u32>(group, SUM_TILE));
  const rows0 = i32(load<u16>(group, ROWS));
  const rows1 = i32(load<u16>(group, ROWS + 2));
  const rows2 = i32(load<u16>(group, ROWS + 4));
  const rows3 = i32(load<u16>(group, ROWS + 6));
  const tables = usize(load<u32>(group, TABLES));
  const odd = v128.load(constants, ODD_BYTES);
  let flips = 0;
  for (let k: u32 = 0; k < spins; k++, terms += 4) {
    const slot = usize(load<u32>(records));
    const d = draws + usize(load<u32>(records, 4));
    const positive = usize(load<u16>(records, 8));
    const negative = usize(load<u16>(records, 10));
    const table = tables + usize(load<u32>(terms));
    // n = negative neighbours - those of them that are up + the positive ones that are up; up is -1.
    let n0 = i8x16.splat(i8(negative));
    let n1 = n0;
    let n2 = n0;
    let n3 = n0;
    records += 16;
    for (const end = records + 4 * positive; records < end; records += 4) {
      const g = giver + usize(load<u32>(records));
      n0 = i8x16.sub(n0, v128.load(g));
      if (T > 1) n1 = i8x16.sub(n1, v128.load(g + giverTile));
      if (T > 2) n2 = i8x16.sub(n2, v128.load(g + 2 * giverTile));
      if (T > 3) n3 = i8x16.sub(n3, v128.load(g + 3 * giverTile));
    }
    for (const end = records + 4 * negative; records < end; records += 4) {
      const g = giver + usize(load<u32>(records));
      n0 = i8x16.add(n0, v128.load(g));
      if (T > 1) n1 = i8x16.add(n1, v128.load(g + giverTile));
      if (T > 2) n2 = i8x16.add(n2, v128.load(g + 2 * giverTile));
      if (T > 3) n3 = i8x16.add(n3, v128.load(g + 3 * giverTile));
    }
    const m = masks + slot;
    const c = step(counts, slot);
    const s = step(sums, 4 * slot);
    flips += finishEqual(n0, table, odd, m, d, rows0, c, s);
    if (T > 1) flips += finishEqual(n1, table, odd, m + maskTile, d + drawTile, rows1, step(c, countTile), step(s, sumTile));
    if (T > 2) flips += finishEqual(n2, table, odd, m + 2 * maskTile, d + 2 * drawTile, rows2, step(c, 2 * countTile), step(s, 2 * sumTile));
    if (T > 3) flips += finishEqual(n3, table, odd, m + 3 * maskTile, d + 3 * drawTile, rows3, step(c, 3 * countTile), step(s, 3 * sumTile));
  }
  return flips;
}

@inline
function weightedSpins(T: i32, tabled: bool, constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  const giver = usize(load<u32>(group, GIVER));
  const giverTile = usize(load<u32>(group, GIVER_TILE));
  const masks = usize(load<u32>(group, MASKS));
  const maskTile = usize(load<u32>(group, MASK_TILE));
  const draws = usize(load<u32>(group, DRAWS));
  const drawTile = usize(load<u32>(group, DRAW_TILE));
  const counts = usize(load<u32>(group, COUNTS));
  const countTile = usize(load<u32>(group, COUNT_TILE));
  const sums = usize(load<u32>(group, SUMS));
  const sumTile = usize(load<u32>(group, SUM_TILE));
  const rows0 = i32(load<u16>(group, ROWS));
  const rows1 = i32(load<u16>(group, ROWS + 2));
  const rows2 = i32(load<u16>(group, ROWS + 4));
  const rows3 = i32(load<u16>(group, ROWS + 6));
  const tables = usize(load<u32>(group, TABLES));
  const fields = usize(load<u32>(group, FIELDS));
  const fieldTile = usize(load<u32>(group, FIELD_TILE));
  const odd = v128.load(constants, ODD_BYTES);
  const shift = load<i32>(constants, ROUND_SHIFT);
  const everySpin = usize(load<u32>(constants, TABLE));
  let flips = 0;
  for (let k: u32 = 0; k < spins; k++, terms += tabled ? 8 : 4) {
    const slot = usize(load<u32>(records));
    const d = draws + usize(load<u32>(records, 4));
    let segments = load<u32>(records, 8);
    let a0 = i64x2.splat(0);
    let a1 = a0;
    let a2 = a0;
    let a3 = a0;
    let h0 = a0;
    let h1 = a0;
    let h2 = a0;
    let h3 = a0;
    records += 16;
    do {
      let v0 = v128.load32_splat(records, 4);
      let v1 = v0;
      let v2 = v0;
      let v3 = v0;
      const end = records + 8 + 8 * usize(load<u32>(records));
      for (records += 8; records < end; records += 8) {
        const g = giver + usize(load<u32>(records));
        const w = v128.load32_splat(records, 4);
        v0 = i8x16.add(v0, v128.and(w, v128.load(g)));
        if (T > 1) v1 = i8x16.add(v1, v128.and(w, v128.load(g + giverTile)));
        if (T > 2) v2 = i8x16.add(v2, v128.and(w, v128.load(g + 2 * giverTile)));
        if (T > 3) v3 = i8x16.add(v3, v128.and(w, v128.load(g + 3 * giverTile)));
      }
      a0 = i16x8.add(a0, v0);
      if (T > 1) a1 = i16x8.add(a1, v1);
      if (T > 2) a2 = i16x8.add(a2, v2);
      if (T > 3) a3 = i16x8.add(a3, v3);
      h0 = i16x8.add(h0, i16x8.shr_u(v0, 8));
      if (T > 1) h1 = i16x8.add(h1, i16x8.shr_u(v1, 8));
      if (T > 2) h2 = i16x8.add(h2, i16x8.shr_u(v2, 8));
      if (T > 3) h3 = i16x8.add(h3, i16x8.shr_u(v3, 8));
    } while (--segments != 0);
    const m = masks + slot;
    const c = step(counts, slot);
    const s = step(sums, 4 * slot);
    if (tabled) {
      const table = tables + usize(load<u32>(terms));
      const first = v128.load16_splat(terms, 4);
      const above = v128.load16_splat(table);
      flips += finishTabled(a0, h0, table + 16, first, above, odd, m, d, rows0, c, s);
      if (T > 1) flips += finishTabled(a1, h1, table + 16, first, above, odd, m + maskTile, d + drawTile, rows1, step(c, countTile), step(s, sumTile));
      if (T > 2) flips += finishTabled(a2, h2, table + 16, first, above, odd, m + 2 * maskTile, d + 2 * drawTile, rows2, step(c, 2 * countTile), step(s, 2 * sumTile));
      if (T > 3) flips += finishTabled(a3, h3, table + 16, first, above, odd, m + 3 * maskTile, d + 3 * drawTile, rows3, step(c, 3 * countTile), step(s, 3 * sumTile));
    } else {
      const b = v128.load32_splat(terms);
      const f = step(fields, 2 * slot);
      flips += finishWeighted(a0, h0, b, constants, everySpin, shift, f, m, d, rows0, c, s);
      if (T > 1) flips += finishWeighted(a1, h1, b, constants, everySpin, shift, step(f, fieldTile), m + maskTile, d + drawTile, rows1, step(c, countTile), step(s, sumTile));
      if (T > 2) flips += finishWeighted(a2, h2, b, constants, everySpin, shift, step(f, 2 * fieldTile), m + 2 * maskTile, d + 2 * drawTile, rows2, step(c, 2 * countTile), step(s, 2 * sumTile));
      if (T > 3) flips += finishWeighted(a3, h3, b, constants, everySpin, shift, step(f, 3 * fieldTile), m + 3 * maskTile, d + 3 * drawTile, rows3, step(c, 3 * countTile), step(s, 3 * sumTile));
    }
  }
  return flips;
}

/**
 * Records: byte offset of the slot in masks (16 * slot), of its draws (32 * spin), u16 positive and u16 negative neighbours, |w|; then the
 * byte offsets of the positive neighbours' masks, then of the negative ones'. terms: u32 offset of 48 bytes per record. Returns flips.
 */
export function updateEqual(tiles: i32, constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  if (tiles == 1) return equalSpins(1, constants, records, spins, terms, group);
  if (tiles == 2) return equalSpins(2, constants, records, spins, terms, group);
  if (tiles == 3) return equalSpins(3, constants, records, spins, terms, group);
  return equalSpins(4, constants, records, spins, terms, group);
}

/**
 * Records: 16 * slot, 32 * spin, number of segments (at least 1), sum|w|; per segment: number of entries, sum of its negative |w| four
 * times as bytes; per entry: byte offset of the neighbour's masks, signed w four times as bytes. terms: per record u32 offset of a
 * table and u16 first, 8 bytes. Table: i16 entry above which T = 65536, 14 bytes unused, min(T, 65535) - 32768 by entry first + V. Returns flips.
 */
export function updateTabled(tiles: i32, constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  if (tiles == 1) return weightedSpins(1, true, constants, records, spins, terms, group);
  if (tiles == 2) return weightedSpins(2, true, constants, records, spins, terms, group);
  if (tiles == 3) return weightedSpins(3, true, constants, records, spins, terms, group);
  return weightedSpins(4, true, constants, records, spins, terms, group);
}

/** Records as in updateTabled. terms: i32 c per record, u = (V*M + c) >> shift, to which the fields of the group are added. Returns flips. */
export function updateWeighted(tiles: i32, constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  if (tiles == 1) return weightedSpins(1, false, constants, records, spins, terms, group);
  if (tiles == 2) return weightedSpins(2, false, constants, records, spins, terms, group);
  if (tiles == 3) return weightedSpins(3, false, constants, records, spins, terms, group);
  return weightedSpins(4, false, constants, records, spins, terms, group);
}

/**
 * Nibbles of `units` units from their masks. list: per unit the byte offset of its first slot's masks (64 * unit) and that of its nibbles;
 * bits: four vectors 1, 2, 4, 8 as bytes.
 */
export function packNibbles(list: usize, units: u32, bits: usize, masks: usize, nibbles: usize): void {
  for (let k: u32 = 0; k < units; k++, list += 8) {
    const m = masks + usize(load<u32>(list));
    const low = v128.or(v128.and(v128.load(m), v128.load(bits)), v128.and(v128.load(m, 16), v128.load(bits, 16)));
    const high = v128.or(v128.and(v128.load(m, 32), v128.load(bits, 32)), v128.and(v128.load(m, 48), v128.load(bits, 48)));
    v128.store(nibbles + usize(load<u32>(list, 4)), v128.or(low, high));
  }
}
