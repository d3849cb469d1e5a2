// Local fields as 32-bit numbers, 16 rows at a time: the general form, for several couplings, temperatures, wide ranges (semantics 4.3–4.5, 4.8).
//
//   u = H + sum over couplings of scaled(A)
//
// Layout: [slot][4 vectors], lanes (0,2,4,6) (8,10,12,14) (1,3,5,7) (9,11,13,15), 64 bytes a slot. Integers only.

import { joinMasks } from '../assembly/lanes.as';
import { thresholds32 } from '../assembly/thresholds.as';

/** fields [slot][16 rows] = the spin's bias, `slots` slots. */
export function setFields(fields: usize, biases: usize, slots: u32): void {
  for (let n: u32 = 0; n < slots; n++, fields += 64, biases += 4) {
    const b = v128.load32_splat(biases);
    v128.store(fields, b);
    v128.store(fields, b, 16);
    v128.store(fields, b, 32);
    v128.store(fields, b, 48);
  }
}

/** scaled(A) for 0 <= sh <= 40, |A| < 2^21, |scaled(A)| < 2^26 (the 32-bit form of semantics 4.3). */
@inline
function scaledAny(a: v128, m: v128, low8: v128, half: v128, sh: i32): v128 {
  if (sh >= 38) return i64x2.splat(0);
  const hi = i32x4.mul(i32x4.shr_s(a, 8), m);
  const lo = i32x4.mul(v128.and(a, low8), m);
  if (sh >= 9) return i32x4.shr_s(i32x4.add(i32x4.add(hi, i32x4.shr_s(lo, 8)), half), sh - 8);
  return i32x4.add(i32x4.shl(hi, 8 - sh), i32x4.shr_s(i32x4.add(lo, half), sh));
}

/** fields += scaled(A), A as 32-bit numbers; `slots` slots. */
export function addScaled(fields: usize, sums: usize, slots: u32, multiplier: u32, sh: i32): void {
  const m = i32x4.splat(multiplier);
  const low8 = i32x4.splat(255);
  const half = i32x4.splat(sh >= 9 ? 1 << (sh - 9) : sh >= 1 ? 1 << (sh - 1) : 0);
  for (const end = fields + 64 * usize(slots); fields < end; fields += 16, sums += 16) {
    v128.store(fields, i32x4.add(v128.load(fields), scaledAny(v128.load(sums), m, low8, half, sh)));
  }
}

/**
 * sums (32-bit A) += (2V - base) << shift of `units` units; V unsigned 16-bit as half-sums.as.ts writes them; bases + the class's second word: four i32.
 */
export function addHalfSums(sums: usize, halfSums: usize, pixels: usize, classes: usize, bases: usize, units: u32, shift: i32): void {
  for (let n: u32 = 0; n < units; n++, pixels += 8) {
    const base = bases + usize(load<u32>(classes + usize(load<u32>(pixels, 4)), 4));
    for (let c: usize = 0; c < 4; c++, sums += 64, halfSums += 32) {
      const b = v128.load32_splat(base + 4 * c);
      const e = v128.load(halfSums);
      const o = v128.load(halfSums, 16);
      add(sums, i32x4.extend_low_i16x8_u(e), b, shift);
      add(sums + 16, i32x4.extend_high_i16x8_u(e), b, shift);
      add(sums + 32, i32x4.extend_low_i16x8_u(o), b, shift);
      add(sums + 48, i32x4.extend_high_i16x8_u(o), b, shift);
    }
  }
}

@inline
function add(sums: usize, v: v128, base: v128, shift: i32): void {
  v128.store(sums, i32x4.add(v128.load(sums), i32x4.shl(i32x4.sub(i32x4.add(v, v), base), shift)));
}

/** The fields of `slots` slots as 16-bit numbers [slot][E][O]; the caller has proved that they fit. */
export function narrowFields(out: usize, fields: usize, slots: u32): void {
  for (let n: u32 = 0; n < slots; n++, out += 32, fields += 64) {
    v128.store(out, i16x8.narrow_i32x4_s(v128.load(fields), v128.load(fields, 16)));
    v128.store(out, i16x8.narrow_i32x4_s(v128.load(fields, 32), v128.load(fields, 48)), 16);
  }
}

/** The inverse of narrowFields. */
export function widenFields(fields: usize, narrow: usize, slots: u32): void {
  for (let n: u32 = 0; n < slots; n++, narrow += 32, fields += 64) {
    const e = v128.load(narrow);
    const o = v128.load(narrow, 16);
    v128.store(fields, i32x4.extend_low_i16x8_s(e));
    v128.store(fields, i32x4.extend_high_i16x8_s(e), 16);
    v128.store(fields, i32x4.extend_low_i16x8_s(o), 32);
    v128.store(fields, i32x4.extend_high_i16x8_s(o), 48);
  }
}

// The feed-forward start. A mean m = -128 ... 128 is written as nine spins: with y = m + 128, X = min(y, 255) and s' = y - X,
// 2m = sum over the bits b of X of 2^b * (+-1) + (+-1 from s'). So sums over means are nine sums over spins, by the same kernels.

/** fields += floor((A' M + 2^(sh+6)) / 2^(sh+7)); twiceSums holds 2A', |A'| < 2^28. */
export function addScaledMeans(fields: usize, twiceSums: usize, slots: u32, multiplier: u32, sh: i32): void {
  const m = i64(multiplier);
  const half = i64(1) << (sh + 6);
  for (const end = fields + 64 * usize(slots); fields < end; fields += 4, twiceSums += 4) {
    const scaled = (i64(load<i32>(twiceSums) >> 1) * m + half) >> (sh + 7);
    store<i32>(fields, load<i32>(fields) + i32(scaled));
  }
}

/**
 * States s = +1 iff u >= 0 and the nine planes of the means, for the chosen slots (bytes; 0: all) of `units` units. constants: of
 * gibbs-update.as.ts. nibbles, masks: of the state; planes follow each other at nibblePlane and maskPlane bytes. 0: not wanted.
 */
export function startFeedForward(
  constants: usize, fields: usize, units: u32, chosen: usize, nibbles: usize, nibbleStride: usize, masks: usize,
  nibblePlanes: usize, nibblePlane: usize, maskPlanes: usize, maskPlane: usize,
): void {
  const limit = v128.load(constants, 192);
  const floor = v128.load(constants, 208);
  const table = usize(load<u32>(constants, 240));
  const oddBytes = v128.load(constants, 48);
  const zero = i64x2.splat(0);
  for (let n: u32 = 0; n < units; n++) {
    for (let c: usize = 0; c < 4; c++) {
      if (chosen != 0 && load<u8>(chosen + 4 * n + c) == 0) continue;
      const at = fields + 256 * usize(n) + 64 * c;
      const e0 = v128.load(at);
      const e1 = v128.load(at, 16);
      const o0 = v128.load(at, 32);
      const o1 = v128.load(at, 48);
      const bit = v128.load(constants + 16 * c, 64);
      const nibble: usize = nibbleStride * usize(n);
      const mask: usize = 64 * usize(n) + 16 * c;
      const upE = i16x8.narrow_i32x4_s(i32x4.ge_s(e0, zero), i32x4.ge_s(e1, zero));
      const upO = i16x8.narrow_i32x4_s(i32x4.ge_s(o0, zero), i32x4.ge_s(o1, zero));
      setSpins(nibbles, nibble, masks, mask, bit, joinMasks(upE, upO, oddBytes));
      if (nibblePlanes == 0 && maskPlanes == 0) continue;
      const yE = meanPlus128(clamp(e0, limit, floor), clamp(e1, limit, floor), table);
      const yO = meanPlus128(clamp(o0, limit, floor), clamp(o1, limit, floor), table);
      // X = min(y, 255), and the rest: y = 256.
      const x255 = i16x8.splat(255);
      const xE = i16x8.min_s(yE, x255);
      const xO = i16x8.min_s(yO, x255);
      for (let plane: i32 = 0; plane < 8; plane++) {
        const one = i16x8.splat(i16(1) << i16(plane));
        const planeE = i16x8.eq(v128.and(xE, one), one);
        const planeO = i16x8.eq(v128.and(xO, one), one);
        setSpins(
          nibblePlanes == 0 ? 0 : nibblePlanes + usize(plane) * nibblePlane, nibble, maskPlanes == 0 ? 0 : maskPlanes + usize(plane) * maskPlane, mask,
          bit, joinMasks(planeE, planeO, oddBytes),
        );
      }
      setSpins(
        nibblePlanes == 0 ? 0 : nibblePlanes + 8 * nibblePlane, nibble, maskPlanes == 0 ? 0 : maskPlanes + 8 * maskPlane, mask,
        bit, joinMasks(i16x8.gt_s(yE, x255), i16x8.gt_s(yO, x255), oddBytes),
      );
    }
  }
}

@inline
function clamp(u: v128, limit: v128, floor: v128): v128 {
  return i32x4.max_s(i32x4.min_s(u, limit), floor);
}

/** floor((T - 32768 + 128) / 256) + 128 of eight clamped fields, 0 ... 256. T = 65536 and 65535 give the same. */
@inline
function meanPlus128(low: v128, high: v128, table: usize): v128 {
  // Halved first: T - 32768 + 128 need not fit 16 bits.
  const half = i16x8.shr_s(thresholds32(low, high, table), 1);
  return i16x8.add(i16x8.shr_s(i16x8.add(half, i16x8.splat(64)), 7), i16x8.splat(128));
}

/** One channel of a unit, 16 rows. */
@inline
function setSpins(nibbles: usize, nibble: usize, masks: usize, mask: usize, bit: v128, up: v128): void {
  if (nibbles != 0) v128.store(nibbles + nibble, v128.bitselect(up, v128.load(nibbles + nibble), bit));
  if (masks != 0) v128.store(masks + mask, up);
}
