// The rest of an update after the half sums (semantics 4.3, 4.5, 4.6), 16 rows at a time.
//
//   u = H + scaled(2V - base)         s = +1  iff  r < T[clamp(u)]
//
// Parallel:  lanes are rows; a unit is the four spins of one nibble vector.
// Scaling:   (V*M + C) >> (sh - 1) with C = floor((half - base*M) / 2) equals scaled(2V - base) exactly for 1 <= sh <= 32, M <= 65534, V < 2^16, as long
//            as the sum fits 32 bits. V above 32767 is multiplied as V - 32768 (SIGN), and C has 32768*M more.
// Saturates: scaled at 16 bits, and its sum with H: exact, if scaled fits or H leaves the room of L.
// Clamp:     T is constant from the limit L on, so saturating additions clamp: x = max(sat(u + 32767 - L), 32767 - 2L).
// Table:     at byte 2(x - 32767 + 2L): min(T, 65535) - 32768 as i16; T = 65536 exactly for x > always.
// Inverse:   s = +1 iff x > inverse[r]: the largest x with T <= r as i16, 32766 - 2L where there is none, by the bits of r - 32768. Where T itself
//            is not wanted the draw finds it before the field is known: the gather leaves the critical path.
// Reads:     V, draws, H, table or inverse. Writes: nibbles (and masks, counts, conditional sums, where given) of these spins only.
// Integers only; constants come from memory (`gibbsConstants` in gibbs-update.exports.ts has the same offsets).

import { joinMasks, lookup } from '../assembly/lanes.as';
import { addConditional, inverseThresholds, thresholds, thresholds32, widen } from '../assembly/thresholds.as';

// Offsets into the constants of a bank's update. 16 bytes each.
const CAP: usize = 0; // 32767 - L, i16
const FLOOR: usize = 16; // 32767 - 2L, i16
const ALWAYS: usize = 32; // x above which T = 65536, i16
const ODD_BYTES: usize = 48; // 0xFF00, i16
const BITS: usize = 64; // four vectors: 1, 2, 4, 8 as bytes
const POPCOUNT: usize = 128; // of a nibble, as bytes
const ROWS: usize = 144; // 0xFF for every row that exists
const MULTIPLIER: usize = 160; // (m1, m2) pairs, i16
const ROUND_SHIFT: usize = 176; // u32: sh - 1
const TABLE: usize = 180; // u32: address of the table minus 2(32767 - 2L)
const INVERSE: usize = 184; // u32: address of the inverse table's entry for draw bits 0
const LIMIT32: usize = 192; // L, i32
const FLOOR32: usize = 208; // -L, i32
const ALWAYS32: usize = 224; // u above which T = 65536, i32
const TABLE32: usize = 240; // u32: address of the table plus 2L
const SIGN: usize = 256; // 0x8000 where V may exceed 32767, i16; else 0

/** scaled(2V - base) as i16. */
@inline
function scale(v: v128, m: v128, c: v128, shift: i32): v128 {
  const low = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(widen(v, false), m), c), shift);
  const high = i32x4.shr_s(i32x4.add(i32x4.dot_i16x8_s(widen(v, true), m), c), shift);
  return i16x8.narrow_i32x4_s(low, high);
}

/** One channel of a unit from its half sums: byte mask of the new state. table: of T where `summed`, else the inverse one. */
@inline
function drawFromSums(
  summed: bool, constants: usize, sums: usize, c: v128, shift: i32, field: usize, perRow: bool, draws: usize, table: usize, conditional: usize,
): v128 {
  const m = v128.load(constants, MULTIPLIER);
  const cap = v128.load(constants, CAP);
  const floor = v128.load(constants, FLOOR);
  const sign = v128.load(constants, SIGN);
  let hE: v128;
  let hO: v128;
  if (perRow) {
    hE = v128.load(field);
    hO = v128.load(field, 16);
  } else {
    hE = v128.load16_splat(field);
    hO = hE;
  }
  const xE = i16x8.max_s(i16x8.add_sat_s(i16x8.add_sat_s(scale(v128.xor(v128.load(sums), sign), m, c, shift), hE), cap), floor);
  const xO = i16x8.max_s(i16x8.add_sat_s(i16x8.add_sat_s(scale(v128.xor(v128.load(sums, 16), sign), m, c, shift), hO), cap), floor);
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
  return joinMasks(upE, upO, v128.load(constants, ODD_BYTES));
}

/** Total of 16 bytes. */
@inline
function total(bytes: v128): i32 {
  const words = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(bytes));
  return (
    i32x4.extract_lane(words, 0) + i32x4.extract_lane(words, 1) + i32x4.extract_lane(words, 2) + i32x4.extract_lane(words, 3)
  );
}

/** Keeps a channel's byte mask and counts where they are wanted; the mask's bit of the nibble. */
@inline
function record(up: v128, bit: v128, masks: usize, counts: usize): v128 {
  if (masks != 0) v128.store(masks, up);
  if (counts != 0) v128.store(counts, i8x16.sub(v128.load(counts), up));
  return v128.and(up, bit);
}

/** updateSums where conditional sums are wanted, and where they are not. `summed` is constant where this is called. */
@inline
function updateUnits(
  summed: bool, constants: usize, units: u32, sums: usize, pixels: usize, classes: usize, classConstants: usize, field: usize, fieldStride: usize,
  draws0: usize, draws1: usize, draws2: usize, draws3: usize, drawStride: usize,
  nibbles: usize, nibbleStride: usize, masks: usize, counts: usize, conditional: usize,
): i32 {
  const shift = load<i32>(constants, ROUND_SHIFT);
  const table = usize(summed ? load<u32>(constants, TABLE) : load<u32>(constants, INVERSE));
  const perRow = fieldStride == 32;
  let flips = 0;
  let bytes = i64x2.splat(0);
  let pending = 0;
  for (let n: u32 = 0; n < units; n++) {
    const c = classConstants + usize(load<u32>(classes + usize(load<u32>(pixels, 4)), 4));
    const up0 = drawFromSums(summed, constants, sums, v128.load32_splat(c), shift, field, perRow, draws0, table, conditional);
    let nibble = record(up0, v128.load(constants, BITS), masks, counts);
    field += fieldStride;
    const up1 = drawFromSums(summed, constants, sums + 32, v128.load32_splat(c, 4), shift, field, perRow, draws1, table, conditional + 64);
    nibble = v128.or(nibble, record(up1, v128.load(constants, BITS + 16), masks == 0 ? 0 : masks + 16, counts == 0 ? 0 : counts + 16));
    field += fieldStride;
    const up2 = drawFromSums(summed, constants, sums + 64, v128.load32_splat(c, 8), shift, field, perRow, draws2, table, conditional + 128);
    nibble = v128.or(nibble, record(up2, v128.load(constants, BITS + 32), masks == 0 ? 0 : masks + 32, counts == 0 ? 0 : counts + 32));
    field += fieldStride;
    const up3 = drawFromSums(summed, constants, sums + 96, v128.load32_splat(c, 12), shift, field, perRow, draws3, table, conditional + 192);
    nibble = v128.or(nibble, record(up3, v128.load(constants, BITS + 48), masks == 0 ? 0 : masks + 48, counts == 0 ? 0 : counts + 48));
    field += fieldStride;
    const changed = v128.and(v128.xor(nibble, v128.load(nibbles)), v128.load(constants, ROWS));
    v128.store(nibbles, nibble);
    bytes = i8x16.add(bytes, lookup(v128.load(constants, POPCOUNT), changed));
    if (++pending == 60) {
      flips += total(bytes);
      bytes = i64x2.splat(0);
      pending = 0;
    }
    sums += 128;
    pixels += 8;
    draws0 += drawStride;
    draws1 += drawStride;
    draws2 += drawStride;
    draws3 += drawStride;
    nibbles += nibbleStride;
    if (masks != 0) masks += 64;
    if (counts != 0) counts += 64;
    if (summed) conditional += 256;
  }
  return flips + total(bytes);
}

/**
 * Updates `units` units whose only free coupling gave the half sums. Pointers step per unit: sums 128, nibbles nibbleStride, masks and
 * counts 64, conditional 256, draws drawStride, pixels 8, field 4 * fieldStride (32: one number per row; 2: one for all rows).
 * classConstants + the class's second word: four i32 C. masks, counts, conditional: 0 where not wanted. Returns flips.
 */
export function updateSums(
  constants: usize, units: u32, sums: usize, pixels: usize, classes: usize, classConstants: usize, field: usize, fieldStride: usize,
  draws0: usize, draws1: usize, draws2: usize, draws3: usize, drawStride: usize,
  nibbles: usize, nibbleStride: usize, masks: usize, counts: usize, conditional: usize,
): i32 {
  return conditional == 0
    ? updateUnits(
        false, constants, units, sums, pixels, classes, classConstants, field, fieldStride,
        draws0, draws1, draws2, draws3, drawStride, nibbles, nibbleStride, masks, counts, 0,
      )
    : updateUnits(
        true, constants, units, sums, pixels, classes, classConstants, field, fieldStride,
        draws0, draws1, draws2, draws3, drawStride, nibbles, nibbleStride, masks, counts, conditional,
      );
}

// The general form: fields as 32-bit numbers, any range, any temperature, any subset of spins.

/** u <- floor((u*b + 32768) / 65536) for 0 <= b <= 65536, |u| < 2^26. */
@inline
function temper(u: v128, b: v128, low16: v128, half: v128): v128 {
  const whole = i32x4.mul(i32x4.shr_s(u, 16), b);
  return i32x4.add(whole, i32x4.shr_u(i32x4.add(i32x4.mul(v128.and(u, low16), b), half), 16));
}

@inline
function clamped(constants: usize, u: v128, temperature: u32): v128 {
  if (temperature != 65536) u = temper(u, i32x4.splat(temperature), i32x4.splat(0xffff), i32x4.splat(0x8000));
  return i32x4.max_s(i32x4.min_s(u, v128.load(constants, LIMIT32)), v128.load(constants, FLOOR32));
}

@inline
function drawFromFields(constants: usize, fields: usize, draws: usize, table: usize, temperature: u32, conditional: usize): v128 {
  const above = v128.load(constants, ALWAYS32);
  const e0 = clamped(constants, v128.load(fields), temperature);
  const e1 = clamped(constants, v128.load(fields, 16), temperature);
  const tE = thresholds32(e0, e1, table);
  const alwaysE = i16x8.narrow_i32x4_s(i32x4.gt_s(e0, above), i32x4.gt_s(e1, above));
  const o0 = clamped(constants, v128.load(fields, 32), temperature);
  const o1 = clamped(constants, v128.load(fields, 48), temperature);
  const tO = thresholds32(o0, o1, table);
  const alwaysO = i16x8.narrow_i32x4_s(i32x4.gt_s(o0, above), i32x4.gt_s(o1, above));
  if (conditional != 0) {
    addConditional(conditional, tE, alwaysE);
    addConditional(conditional + 32, tO, alwaysO);
  }
  const upE = v128.or(i16x8.gt_s(tE, v128.load(draws)), alwaysE);
  const upO = v128.or(i16x8.gt_s(tO, v128.load(draws, 16)), alwaysO);
  return joinMasks(upE, upO, v128.load(constants, ODD_BYTES));
}

/**
 * Updates those spins of `units` units whose byte in `chosen` (one per slot, 0xFF or 0; address 0: all) is set. fields: [slot][16 rows]
 * i32, 256 bytes a unit. At least one of nibbles, masks is given (0: not wanted). Returns flips.
 */
export function updateFields(
  constants: usize, units: u32, fields: usize, chosen: usize, temperature: u32,
  draws0: usize, draws1: usize, draws2: usize, draws3: usize, drawStride: usize,
  nibbles: usize, nibbleStride: usize, masks: usize, counts: usize, conditional: usize,
): i32 {
  const table = usize(load<u32>(constants, TABLE32));
  let flips = 0;
  for (let n: u32 = 0; n < units; n++) {
    for (let c: usize = 0; c < 4; c++) {
      if (chosen == 0 || load<u8>(chosen + c) != 0) {
        const draws = c == 0 ? draws0 : c == 1 ? draws1 : c == 2 ? draws2 : draws3;
        const up = drawFromFields(constants, fields + 64 * c, draws, table, temperature, conditional == 0 ? 0 : conditional + 64 * c);
        const bit = v128.load(constants + 16 * c, BITS);
        let changed: v128;
        if (nibbles != 0) {
          const old = v128.load(nibbles);
          const now = v128.bitselect(up, old, bit);
          changed = v128.xor(old, now);
          v128.store(nibbles, now);
          if (masks != 0) v128.store(masks + 16 * c, up);
        } else {
          changed = v128.xor(v128.load(masks + 16 * c), up);
          v128.store(masks + 16 * c, up);
        }
        flips += popcnt<i32>(i8x16.bitmask(i8x16.ne(v128.and(changed, v128.load(constants, ROWS)), i64x2.splat(0))));
        if (counts != 0) v128.store(counts + 16 * c, i8x16.sub(v128.load(counts + 16 * c), up));
      }
    }
    fields += 256;
    if (chosen != 0) chosen += 4;
    draws0 += drawStride;
    draws1 += drawStride;
    draws2 += drawStride;
    draws3 += drawStride;
    if (nibbles != 0) nibbles += nibbleStride;
    if (masks != 0) masks += 64;
    if (counts != 0) counts += 64;
    if (conditional != 0) conditional += 256;
  }
  return flips;
}

/**
 * Fair coins (the initial state): s = +1 iff r < 32768, for the first `channels` channels; channelStep: 4 where every unit has four channels of
 * its own (flat banks), 0 where all units are of one quad. Nibbles of padding channels are 0.
 */
export function tossCoins(
  constants: usize, units: u32, channels: i32, channelStep: i32, draws0: usize, draws1: usize, draws2: usize, draws3: usize,
  drawStride: usize, nibbles: usize, nibbleStride: usize, masks: usize,
): void {
  const zero = i64x2.splat(0);
  for (let n: u32 = 0; n < units; n++) {
    let nibble = zero;
    for (let c: i32 = 0; c < min(channels, 4); c++) {
      const draws = c == 0 ? draws0 : c == 1 ? draws1 : c == 2 ? draws2 : draws3;
      const up = joinMasks(
        i16x8.gt_s(zero, v128.load(draws)), i16x8.gt_s(zero, v128.load(draws, 16)), v128.load(constants, ODD_BYTES),
      );
      nibble = v128.or(nibble, v128.and(up, v128.load(constants + 16 * usize(c), BITS)));
      if (masks != 0) v128.store(masks + 16 * usize(c), up);
    }
    if (nibbles != 0) v128.store(nibbles, nibble);
    channels -= channelStep;
    draws0 += drawStride;
    draws1 += drawStride;
    draws2 += drawStride;
    draws3 += drawStride;
    nibbles += nibbles == 0 ? 0 : nibbleStride;
    masks += masks == 0 ? 0 : 64;
  }
}
