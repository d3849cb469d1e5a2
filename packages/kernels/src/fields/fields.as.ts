// Local fields as 32-bit numbers, 16 rows at a time: the general form, for several couplings, temperatures, wide ranges (semantics 4.3–4.5, 4.8).
//
//   u = H + sum over couplings of scaled(A)
//
// Layout: [slot][4 vectors], lanes (0,2,4,6) (8,10,12,14) (1,3,5,7) (9,11,13,15), 64 bytes a slot. Integers only.

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
  const limit = i32x4.extract_lane(v128.load(constants, 192), 0);
  const always = i32x4.extract_lane(v128.load(constants, 224), 0);
  const table = usize(load<u32>(constants, 240));
  for (let n: u32 = 0; n < units; n++) {
    for (let c: usize = 0; c < 4; c++) {
      if (chosen != 0 && load<u8>(chosen + 4 * n + c) == 0) continue;
      for (let place: usize = 0; place < 16; place++) {
        // places 0 ... 7 are the even lanes, 8 ... 15 the odd ones.
        const lane = place < 8 ? 2 * place : 2 * place - 15;
        const u = load<i32>(fields + 256 * usize(n) + 64 * c + 4 * place);
        const j = min(max(u, -limit), limit);
        const threshold: i32 = j > always ? 65536 : i32(load<i16>(table + usize(2 * j))) + 32768;
        const y = ((threshold - 32768 + 128) >> 8) + 128;
        const bits = y == 256 ? 0x1ff : y;
        setSpin(nibbles, nibbleStride * n, masks, 64 * usize(n) + 16 * c, lane, c, u >= 0);
        for (let plane: usize = 0; plane < 9; plane++) {
          setSpin(
            nibblePlanes == 0 ? 0 : nibblePlanes + plane * nibblePlane, nibbleStride * n,
            maskPlanes == 0 ? 0 : maskPlanes + plane * maskPlane, 64 * usize(n) + 16 * c, lane, c, ((bits >> i32(plane)) & 1) != 0,
          );
        }
      }
    }
  }
}

@inline
function setSpin(nibbles: usize, unit: usize, masks: usize, slot: usize, lane: usize, c: usize, up: bool): void {
  if (nibbles != 0) {
    const at = nibbles + unit + lane;
    const bit = 1 << u32(c);
    store<u8>(at, (load<u8>(at) & ~bit) | (up ? bit : 0));
  }
  if (masks != 0) store<u8>(masks + slot + lane, up ? 0xff : 0);
}
