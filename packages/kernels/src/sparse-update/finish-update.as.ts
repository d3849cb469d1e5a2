// What follows the sum over a spin's neighbours: threshold, comparison with the draw, and what is kept. One spin of one tile.

import { joinMasks, lookup } from '../assembly/lanes.as';
import { addConditional, widen } from '../assembly/thresholds.as';

// Offsets into the constants; see sparse-update.exports.ts.
export const ODD_BYTES: usize = 0;
export const CAP: usize = 16;
export const FLOOR: usize = 32;
export const ALWAYS: usize = 48;
export const MULTIPLIER: usize = 64;
export const ROUND_SHIFT: usize = 80;
export const TABLE: usize = 84;

/** Keeps the new state; the number of rows in which it differs from the old one. */
@inline
function keep(up: v128, masks: usize, counts: usize, rows: i32): i32 {
  const changed = v128.xor(v128.load(masks), up);
  v128.store(masks, up);
  if (counts != 0) v128.store(counts, i8x16.sub(v128.load(counts), up));
  return popcnt<i32>(i8x16.bitmask(changed) & rows);
}

/** s = +1 iff r < T, T of the even and odd lanes as min(T, 65535) - 32768, T = 65536 where `always`. */
@inline
function draw(
  tE: v128, tO: v128, alwaysE: v128, alwaysO: v128, odd: v128, masks: usize, draws: usize, rows: i32, counts: usize, conditional: usize,
): i32 {
  if (conditional != 0) {
    addConditional(conditional, tE, alwaysE);
    addConditional(conditional + 32, tO, alwaysO);
  }
  const upE = v128.or(i16x8.gt_s(tE, v128.load(draws)), alwaysE);
  const upO = v128.or(i16x8.gt_s(tO, v128.load(draws, 16)), alwaysO);
  return keep(joinMasks(upE, upO, odd), masks, counts, rows);
}

/** Eight numbers of tables of i16, by byte offset (below 2^16): four from `at`, four from `other`, in two chains of insertions. */
@inline
export function gather(offsets: v128, at: usize, other: usize): v128 {
  const a = i64x2.extract_lane(offsets, 0);
  const b = i64x2.extract_lane(offsets, 1);
  let t = v128.load16_splat(at + usize(a & 0xffff));
  let s = v128.load16_splat(other + usize(b & 0xffff));
  t = v128.load_lane<u16>(at + usize((a >> 16) & 0xffff), t, 1);
  s = v128.load_lane<u16>(other + usize((b >> 16) & 0xffff), s, 1);
  t = v128.load_lane<u16>(at + usize((a >> 32) & 0xffff), t, 2);
  s = v128.load_lane<u16>(other + usize((b >> 32) & 0xffff), s, 2);
  t = v128.load_lane<u16>(at + usize(a >>> 48), t, 3);
  s = v128.load_lane<u16>(other + usize(b >>> 48), s, 3);
  return i64x2.shuffle(t, s, 0, 2);
}

/** From the number n of agreeing neighbours, 0 ... 15. table: low bytes of min(T, 65535) - 32768, high bytes, the n above which T = 65536. */
@inline
export function finishEqual(
  n: v128, table: usize, odd: v128, masks: usize, draws: usize, rows: i32, counts: usize, conditional: usize,
): i32 {
  const low = lookup(v128.load(table), n);
  const high = lookup(v128.load(table, 16), n);
  const always = i8x16.gt_s(n, v128.load(table, 32));
  const tE = v128.or(v128.andnot(low, odd), i16x8.shl(high, 8));
  const tO = v128.or(v128.and(high, odd), i16x8.shr_u(low, 8));
  if (conditional != 0) {
    addConditional(conditional, tE, i16x8.shr_s(i16x8.shl(always, 8), 8));
    addConditional(conditional + 32, tO, i16x8.shr_s(always, 8));
  }
  const up = joinMasks(i16x8.gt_s(tE, v128.load(draws)), i16x8.gt_s(tO, v128.load(draws, 16)), odd);
  return keep(v128.or(up, always), masks, counts, rows);
}

/** From V = (a - (h << 8), h): T is entry first + V of the table, 65536 beyond entry `above`. */
@inline
export function finishTabled(
  a: v128, h: v128, table: usize, first: v128, above: v128, odd: v128, masks: usize, draws: usize, rows: i32, counts: usize, conditional: usize,
): i32 {
  const e = i16x8.add(i16x8.sub(a, i16x8.shl(h, 8)), first);
  const o = i16x8.add(h, first);
  const tE = gather(i16x8.add(e, e), table, table);
  const tO = gather(i16x8.add(o, o), table, table);
  return draw(tE, tO, i16x8.gt_s(e, above), i16x8.gt_s(o, above), odd, masks, draws, rows, counts, conditional);
}

/** (V*M + c) >> shift, saturated to i16; c of the first four and of the last four. */
@inline
export function scale(v: v128, m: v128, c: v128, d: v128, shift: i32): v128 {
  const low = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(widen(v, false), m), c), shift);
  const high = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(widen(v, true), m), d), shift);
  return i16x8.narrow_i32x4_s(low, high);
}

/** From V by the law itself: u = (V*M + c) >> shift, plus a field per row where `field` is given; then the table of T by u. */
@inline
export function finishWeighted(
  a: v128, h: v128, c: v128, constants: usize, table: usize, shift: i32, field: usize,
  masks: usize, draws: usize, rows: i32, counts: usize, conditional: usize,
): i32 {
  const m = v128.load(constants, MULTIPLIER);
  let e = scale(i16x8.sub(a, i16x8.shl(h, 8)), m, c, c, shift);
  let o = scale(h, m, c, c, shift);
  if (field != 0) {
    e = i16x8.add_sat_s(e, v128.load(field));
    o = i16x8.add_sat_s(o, v128.load(field, 16));
  }
  const cap = v128.load(constants, CAP);
  const floor = v128.load(constants, FLOOR);
  const above = v128.load(constants, ALWAYS);
  e = i16x8.max_s(i16x8.add_sat_s(e, cap), floor);
  o = i16x8.max_s(i16x8.add_sat_s(o, cap), floor);
  const tE = gather(i16x8.add(e, e), table, table);
  const tO = gather(i16x8.add(o, o), table, table);
  const odd = v128.load(constants, ODD_BYTES);
  return draw(tE, tO, i16x8.gt_s(e, above), i16x8.gt_s(o, above), odd, masks, draws, rows, counts, conditional);
}
