// The rest of an update after the half sums, for one row (semantics 4.3, 4.5, 4.6).
//
//   u = H + scaled(2V - base)         s = +1  iff  r < T[clamp(u)]
//
// Parallel:  lanes are 16 channels of one pixel: as bytes in order, as 16-bit numbers E (even channels) and O (odd channels), as 32-bit
//            numbers channels (0,2,4,6) (8,10,12,14) (1,3,5,7) (9,11,13,15).
// Scaling:   (V*M + C) >> (sh - 1) with C = floor((half - base*M) / 2) equals scaled(2V - base) exactly for 1 <= sh <= 31. V is unsigned, so V - 32768
//            is multiplied, and 32768*M is in C: nothing leaves 32 bits as long as base*M/2 + 2^(sh - 2) < 2^31, M <= 65534.
// Clamp, table, inverse: as in gibbs-update.as.ts. scaled(2V - base) and its sum with H saturate at 16 bits: no harm where |H| + L <= 32767.
// Draws:     lie in the order of spins; those of eight units at a time are brought to [unit][E][O]: transposed where a unit is 16 channels of
//            a pixel, unzipped where it is 16 spins of consecutive index, gathered where spins are in the order of a list.
// Reads:     V, draws, H, table or inverse. Writes: nibbles, masks, counts, conditional sums of these spins only.
// Integers only; constants come from memory.

import { addConditional, inverseThresholds, thresholds, thresholds32, widen } from '../assembly/thresholds.as';

// Offsets into the constants of a bank's update.
const CAP: usize = 0; // 32767 - L, i16
const FLOOR: usize = 16; // 32767 - 2L, i16
const ALWAYS: usize = 32; // x above which T = 65536, i16
const ODD_BYTES: usize = 48; // 0xFF00, i16
const MULTIPLIER: usize = 64; // (m1, m2) pairs, i16
const ROUND_SHIFT: usize = 80; // u32: sh - 1
const TABLE: usize = 84; // u32: address of the table minus 2(32767 - 2L)
const TABLE32: usize = 88; // u32: address of the table plus 2L
const INVERSE: usize = 92; // u32: address of the inverse table's entry for draw bits 0
const LIMIT32: usize = 96; // L, i32
const FLOOR32: usize = 112; // -L, i32
const ALWAYS32: usize = 128; // u above which T = 65536, i32
const SIGN: usize = 144; // 0x8000, i16

/** scaled(2V - base) as i16, from V - 32768; c: eight i32 constants. */
@inline
function scale(v: v128, m: v128, c: usize, shift: i32): v128 {
  const low = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(widen(v, false), m), v128.load(c)), shift);
  const high = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(widen(v, true), m), v128.load(c, 16)), shift);
  return i16x8.narrow_i32x4_s(low, high);
}

/** Byte mask of the new states of one unit; draws: r - 32768, E and O. table: of T where `summed`, else the inverse one. */
@inline
function drawFromSums(
  summed: bool, constants: usize, sums: usize, c: usize, shift: i32, field: usize, draws: usize, table: usize, conditional: usize,
): v128 {
  const m = v128.load(constants, MULTIPLIER);
  const cap = v128.load(constants, CAP);
  const floor = v128.load(constants, FLOOR);
  const sign = v128.load(constants, SIGN);
  const uE = i16x8.add_sat_s(scale(v128.xor(v128.load(sums), sign), m, c, shift), v128.load(field));
  const uO = i16x8.add_sat_s(scale(v128.xor(v128.load(sums, 16), sign), m, c + 32, shift), v128.load(field, 16));
  const xE = i16x8.max_s(i16x8.add_sat_s(uE, cap), floor);
  const xO = i16x8.max_s(i16x8.add_sat_s(uO, cap), floor);
  let upE: v128;
  let upO: v128;
  if (summed) {
    const above = v128.load(constants, ALWAYS);
    const tE = thresholds(xE, table);
    const alwaysE = i16x8.gt_s(xE, above);
    const tO = thresholds(xO, table);
    const alwaysO = i16x8.gt_s(xO, above);
    addConditional(conditional, tE, alwaysE);
    addConditional(conditional + 32, tO, alwaysO);
    upE = v128.or(i16x8.gt_s(tE, v128.load(draws)), alwaysE);
    upO = v128.or(i16x8.gt_s(tO, v128.load(draws, 16)), alwaysO);
  } else {
    upE = i16x8.gt_s(xE, inverseThresholds(v128.load(draws), table));
    upO = i16x8.gt_s(xO, inverseThresholds(v128.load(draws, 16), table));
  }
  return v128.bitselect(upO, upE, v128.load(constants, ODD_BYTES));
}

/** Nibbles of 16 channels as four bytes. bits: 16, 32, 64, 128 four times, 0 for absent channels. */
@inline
function nibblesOf(up: v128, bits: v128): i32 {
  const words = i32x4.extadd_pairwise_i16x8_s(i16x8.extadd_pairwise_i8x16_u(v128.and(up, bits)));
  return i32x4.extract_lane(i8x16.shuffle(words, words, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12), 0);
}

/** Stores the new states of a unit where they are wanted (nibbles, masks: at least one is); how many changed. */
@inline
function storeStates(up: v128, bits: v128, nibbles: usize, masks: usize): i32 {
  let flips = 0;
  if (nibbles != 0) {
    const now = nibblesOf(up, bits);
    flips = popcnt<i32>(load<i32>(nibbles) ^ now);
    store<i32>(nibbles, now);
  }
  if (masks != 0) {
    const now = v128.and(up, i8x16.ne(bits, i64x2.splat(0)));
    flips = popcnt<i32>(i8x16.bitmask(v128.xor(v128.load(masks), now)));
    v128.store(masks, now);
  }
  return flips;
}

/** Of two vectors of bytes, those of `now` where `chosen` is 0xFF. */
@inline
function storeChosen(up: v128, bits: v128, chosen: v128, nibbles: usize, masks: usize): i32 {
  let flips = 0;
  if (nibbles != 0) {
    const old = load<i32>(nibbles);
    const own = nibblesOf(chosen, bits);
    const now = (old & ~own) | nibblesOf(v128.and(up, chosen), bits);
    flips = popcnt<i32>(old ^ now);
    store<i32>(nibbles, now);
  }
  if (masks != 0) {
    const old = v128.load(masks);
    const now = v128.bitselect(up, old, v128.and(chosen, i8x16.ne(bits, i64x2.splat(0))));
    flips = popcnt<i32>(i8x16.bitmask(v128.xor(old, now)));
    v128.store(masks, now);
  }
  return flips;
}

// Draws of eight units to [8 units][E][O] at `out`.

/** Eight pixels of eight channels (every other one), `offsets` (u32) apart in steps of two. */
@inline
function transposeHalf(out: usize, d: usize, offsets: usize): void {
  const r0 = v128.load(d + usize(load<u32>(offsets)));
  const r1 = v128.load(d + usize(load<u32>(offsets, 8)));
  const r2 = v128.load(d + usize(load<u32>(offsets, 16)));
  const r3 = v128.load(d + usize(load<u32>(offsets, 24)));
  const r4 = v128.load(d + usize(load<u32>(offsets, 32)));
  const r5 = v128.load(d + usize(load<u32>(offsets, 40)));
  const r6 = v128.load(d + usize(load<u32>(offsets, 48)));
  const r7 = v128.load(d + usize(load<u32>(offsets, 56)));
  const a0 = i16x8.shuffle(r0, r1, 0, 8, 1, 9, 2, 10, 3, 11);
  const a1 = i16x8.shuffle(r2, r3, 0, 8, 1, 9, 2, 10, 3, 11);
  const a2 = i16x8.shuffle(r4, r5, 0, 8, 1, 9, 2, 10, 3, 11);
  const a3 = i16x8.shuffle(r6, r7, 0, 8, 1, 9, 2, 10, 3, 11);
  const b0 = i32x4.shuffle(a0, a1, 0, 4, 1, 5);
  const b1 = i32x4.shuffle(a2, a3, 0, 4, 1, 5);
  const b2 = i32x4.shuffle(a0, a1, 2, 6, 3, 7);
  const b3 = i32x4.shuffle(a2, a3, 2, 6, 3, 7);
  v128.store(out, i64x2.shuffle(b0, b1, 0, 2));
  v128.store(out, i64x2.shuffle(b0, b1, 1, 3), 32);
  v128.store(out, i64x2.shuffle(b2, b3, 0, 2), 64);
  v128.store(out, i64x2.shuffle(b2, b3, 1, 3), 96);
  const c0 = i16x8.shuffle(r0, r1, 4, 12, 5, 13, 6, 14, 7, 15);
  const c1 = i16x8.shuffle(r2, r3, 4, 12, 5, 13, 6, 14, 7, 15);
  const c2 = i16x8.shuffle(r4, r5, 4, 12, 5, 13, 6, 14, 7, 15);
  const c3 = i16x8.shuffle(r6, r7, 4, 12, 5, 13, 6, 14, 7, 15);
  const e0 = i32x4.shuffle(c0, c1, 0, 4, 1, 5);
  const e1 = i32x4.shuffle(c2, c3, 0, 4, 1, 5);
  const e2 = i32x4.shuffle(c0, c1, 2, 6, 3, 7);
  const e3 = i32x4.shuffle(c2, c3, 2, 6, 3, 7);
  v128.store(out, i64x2.shuffle(e0, e1, 0, 2), 128);
  v128.store(out, i64x2.shuffle(e0, e1, 1, 3), 160);
  v128.store(out, i64x2.shuffle(e2, e3, 0, 2), 192);
  v128.store(out, i64x2.shuffle(e2, e3, 1, 3), 224);
}

@inline
function unzipDraws(out: usize, d: usize, units: u32): void {
  for (let n: u32 = 0; n < units; n++, out += 32, d += 32) {
    const a = v128.load(d);
    const b = v128.load(d, 16);
    v128.store(out, i16x8.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14));
    v128.store(out, i16x8.shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15), 16);
  }
}

/** In place of the second offset of a unit: its first eight draws, and its last eight, are every other one from their first. */
const EVERY_OTHER: u32 = 0xffffffff;

/** Of every other draw of 16: lanes (0,2,4,6), then lanes (1,3,5,7). */
@inline
function everyOther(d: usize): v128 {
  return i16x8.shuffle(v128.load(d), v128.load(d, 16), 0, 4, 8, 12, 2, 6, 10, 14);
}

/** Draws of spins in any order: offsets, u32 per slot. */
@inline
function gatherDraws(out: usize, d: usize, offsets: usize, units: u32): void {
  for (let n: u32 = 0; n < units; n++, out += 32, offsets += 64) {
    if (load<u32>(offsets, 4) == EVERY_OTHER) {
      const low = everyOther(d + usize(load<u32>(offsets)));
      const high = everyOther(d + usize(load<u32>(offsets, 32)));
      v128.store(out, i64x2.shuffle(low, high, 0, 2));
      v128.store(out, i64x2.shuffle(low, high, 1, 3), 16);
      continue;
    }
    for (let odd: usize = 0; odd < 2; odd++) {
      const at = offsets + 4 * odd;
      let v = v128.load16_splat(d + usize(load<u32>(at)));
      let w = v128.load16_splat(d + usize(load<u32>(at, 32)));
      v = v128.load_lane<u16>(d + usize(load<u32>(at, 8)), v, 1);
      w = v128.load_lane<u16>(d + usize(load<u32>(at, 40)), w, 1);
      v = v128.load_lane<u16>(d + usize(load<u32>(at, 16)), v, 2);
      w = v128.load_lane<u16>(d + usize(load<u32>(at, 48)), w, 2);
      v = v128.load_lane<u16>(d + usize(load<u32>(at, 24)), v, 3);
      w = v128.load_lane<u16>(d + usize(load<u32>(at, 56)), w, 3);
      v128.store(out + 16 * odd, i64x2.shuffle(v, w, 0, 2));
    }
  }
}

const TRANSPOSED: i32 = 0;
const IN_ORDER: i32 = 1;

/** Draws of units first ... first + units - 1 (at most 8) of a stretch; order: 0 transposed, 1 in order, 2 listed. */
@inline
function arrangeDraws(out: usize, draws: usize, order: i32, offsets: usize, first: u32, units: u32): void {
  if (order == TRANSPOSED) {
    const at = draws + 2 * usize(first);
    transposeHalf(out, at, offsets);
    transposeHalf(out + 16, at, offsets + 4);
  } else if (order == IN_ORDER) {
    unzipDraws(out, draws + 32 * usize(first), units);
  } else {
    gatherDraws(out, draws, offsets + 64 * usize(first), units);
  }
}

/** updateRowSums where conditional sums are wanted, and where they are not. `summed` is constant where this is called. */
@inline
function updateUnits(
  summed: bool, constants: usize, units: u32, sums: usize, pixels: usize, classes: usize, classConstants: usize, field: usize, bits: usize,
  bitsStride: usize, draws: usize, order: i32, offsets: usize, scratch: usize,
  nibbles: usize, nibbleStride: usize, masks: usize, counts: usize, conditional: usize,
): i32 {
  const shift = load<i32>(constants, ROUND_SHIFT);
  const table = usize(summed ? load<u32>(constants, TABLE) : load<u32>(constants, INVERSE));
  let flips = 0;
  for (let first: u32 = 0; first < units; first += 8) {
    const end = min(units - first, 8);
    arrangeDraws(scratch, draws, order, offsets, first, end);
    for (let n: u32 = 0; n < end; n++) {
      const c = classConstants + usize(load<u32>(classes + usize(load<u32>(pixels, 4)), 4));
      const up = drawFromSums(summed, constants, sums, c, shift, field, scratch + 32 * usize(n), table, conditional);
      flips += storeStates(up, v128.load(bits), nibbles, masks);
      if (counts != 0) {
        v128.store(counts, i8x16.sub(v128.load(counts), up));
        counts += 16;
      }
      if (summed) conditional += 64;
      sums += 32;
      pixels += 8;
      field += 32;
      bits += bitsStride;
      if (nibbles != 0) nibbles += nibbleStride;
      if (masks != 0) masks += 16;
    }
  }
  return flips;
}

/**
 * Updates `units` units from the half sums of their only free coupling. pixels, classes: as for the half sums; classConstants + the class's
 * second word: 16 i32 C + 32768*M, E then O. field: H, i16 [unit][E][O]. bits: 16 bytes a unit, `bitsStride` (16 or 0) to the next. draws: i16 in the
 * order of spins; order, offsets: see arrangeDraws. scratch: 256 bytes. nibbles: four bytes a unit, `nibbleStride` to the next; masks: u8
 * [unit][16], 0xFF or 0; counts: u8 [unit][16]; conditional: i32 [unit][E][O]; 0 where not wanted. Returns flips.
 */
export function updateRowSums(
  constants: usize, units: u32, sums: usize, pixels: usize, classes: usize, classConstants: usize, field: usize, bits: usize, bitsStride: usize,
  draws: usize, order: i32, offsets: usize, scratch: usize,
  nibbles: usize, nibbleStride: usize, masks: usize, counts: usize, conditional: usize,
): i32 {
  return conditional == 0
    ? updateUnits(
        false, constants, units, sums, pixels, classes, classConstants, field, bits, bitsStride,
        draws, order, offsets, scratch, nibbles, nibbleStride, masks, counts, 0,
      )
    : updateUnits(
        true, constants, units, sums, pixels, classes, classConstants, field, bits, bitsStride,
        draws, order, offsets, scratch, nibbles, nibbleStride, masks, counts, conditional,
      );
}

// The general form: fields as 32-bit numbers, any range, any temperature, any subset of spins.

/** u <- floor((u*b + 32768) / 65536) for 0 <= b <= 65536, |u| < 2^26. */
@inline
function temper(u: v128, temperature: u32): v128 {
  if (temperature == 65536) return u;
  const b = i32x4.splat(temperature);
  const rest = i32x4.add(i32x4.mul(v128.and(u, i32x4.splat(0xffff)), b), i32x4.splat(0x8000));
  return i32x4.add(i32x4.mul(i32x4.shr_s(u, 16), b), i32x4.shr_u(rest, 16));
}

@inline
function clamped(constants: usize, u: v128, temperature: u32): v128 {
  return i32x4.max_s(i32x4.min_s(temper(u, temperature), v128.load(constants, LIMIT32)), v128.load(constants, FLOOR32));
}

/** Mask (i16) of the new states of eight spins; wanted: i16 mask of those whose conditional sums count. */
@inline
function drawFromFields(constants: usize, fields: usize, draws: usize, table: usize, temperature: u32, conditional: usize, wanted: v128): v128 {
  const above = v128.load(constants, ALWAYS32);
  const low = clamped(constants, v128.load(fields), temperature);
  const high = clamped(constants, v128.load(fields, 16), temperature);
  const t = thresholds32(low, high, table);
  const always = i16x8.narrow_i32x4_s(i32x4.gt_s(low, above), i32x4.gt_s(high, above));
  if (conditional != 0) addConditional(conditional, v128.and(t, wanted), v128.and(always, wanted));
  return v128.or(i16x8.gt_s(t, v128.load(draws)), always);
}

/** As updateRowSums, from fields i32 [unit][E][O]; only spins whose byte in `chosen` ([unit][16], 0xFF or 0; address 0: all) is set. */
export function updateRowFields(
  constants: usize, units: u32, fields: usize, chosen: usize, temperature: u32, bits: usize, bitsStride: usize,
  draws: usize, order: i32, offsets: usize, scratch: usize,
  nibbles: usize, nibbleStride: usize, masks: usize, counts: usize, conditional: usize,
): i32 {
  const table = usize(load<u32>(constants, TABLE32));
  const odd = v128.load(constants, ODD_BYTES);
  let flips = 0;
  for (let first: u32 = 0; first < units; first += 8) {
    const end = min(units - first, 8);
    arrangeDraws(scratch, draws, order, offsets, first, end);
    for (let n: u32 = 0; n < end; n++) {
      const own = chosen == 0 ? i8x16.splat(-1) : v128.load(chosen);
      const at = scratch + 32 * usize(n);
      const evens = i16x8.shr_s(i16x8.shl(own, 8), 8);
      const odds = i16x8.shr_s(own, 8);
      const upE = drawFromFields(constants, fields, at, table, temperature, conditional, evens);
      const upO = drawFromFields(constants, fields + 32, at + 16, table, temperature, conditional == 0 ? 0 : conditional + 32, odds);
      const up = v128.bitselect(upO, upE, odd);
      flips += storeChosen(up, v128.load(bits), own, nibbles, masks);
      if (counts != 0) {
        v128.store(counts, i8x16.sub(v128.load(counts), v128.and(up, own)));
        counts += 16;
      }
      if (conditional != 0) conditional += 64;
      fields += 64;
      bits += bitsStride;
      if (chosen != 0) chosen += 16;
      if (nibbles != 0) nibbles += nibbleStride;
      if (masks != 0) masks += 16;
    }
  }
  return flips;
}

/** Random initial states (semantics 5.4): +1 iff r < 32768, that is r - 32768 < 0. */
export function startRowRandom(
  units: u32, bits: usize, bitsStride: usize, draws: usize, order: i32, offsets: usize, scratch: usize,
  nibbles: usize, nibbleStride: usize, masks: usize,
): void {
  for (let first: u32 = 0; first < units; first += 8) {
    const end = min(units - first, 8);
    arrangeDraws(scratch, draws, order, offsets, first, end);
    for (let n: u32 = 0; n < end; n++) {
      const at = scratch + 32 * usize(n);
      const even = i16x8.shr_s(v128.load(at), 15);
      const up = v128.bitselect(i16x8.shr_s(v128.load(at, 16), 15), even, i16x8.splat(-256));
      storeStates(up, v128.load(bits), nibbles, masks);
      bits += bitsStride;
      if (nibbles != 0) nibbles += nibbleStride;
      if (masks != 0) masks += 16;
    }
  }
}
