// Local fields of one row as 32-bit numbers (semantics 4.3-4.5, 4.8), 16 spins at a time: what the 16-row kernels of fields.as.ts do not serve.
// Layout: [unit][4 vectors], lanes (0,2,4,6) (8,10,12,14) (1,3,5,7) (9,11,13,15), 64 bytes a unit. Integers only.

/** sums (32-bit) = or += (2V - base) << shift of `units` units; bases + the class's second word: 16 i32, E then O. */
export function addRowHalfSums(
  sums: usize, halfSums: usize, pixels: usize, classes: usize, bases: usize, units: u32, shift: i32, first: bool,
): void {
  for (let n: u32 = 0; n < units; n++, pixels += 8, halfSums += 32, sums += 64) {
    const base = bases + usize(load<u32>(classes + usize(load<u32>(pixels, 4)), 4));
    const e = v128.load(halfSums);
    const o = v128.load(halfSums, 16);
    add(sums, i32x4.extend_low_i16x8_u(e), v128.load(base), shift, first);
    add(sums + 16, i32x4.extend_high_i16x8_u(e), v128.load(base, 16), shift, first);
    add(sums + 32, i32x4.extend_low_i16x8_u(o), v128.load(base, 32), shift, first);
    add(sums + 48, i32x4.extend_high_i16x8_u(o), v128.load(base, 48), shift, first);
  }
}

@inline
function add(sums: usize, v: v128, base: v128, shift: i32, first: bool): void {
  const a = i32x4.shl(i32x4.sub(i32x4.add(v, v), base), shift);
  v128.store(sums, first ? a : i32x4.add(v128.load(sums), a));
}

export function copyBytes(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
}

/**
 * The feed-forward start of `units` units: s = +1 iff u >= 0, and the means. With x = min(T, 65535), m + 128 = (x >> 8) + bit 7 of x, so the
 * planes 0 ... 7 are the bits 8 ... 15 of x and plane 8 is bit 7, and 2m is the sum of the planes as spins, weights 1, 2, ..., 128 and 1.
 * u is clamped to -limit ... limit; table: address of T[-limit] as i16 min(T, 65535) - 32768. chosen, bits, nibbles, masks: as for
 * updateRowFields; planes follow each other at nibblePlane and maskPlane bytes, at the places that nibbles and masks have.
 */
export function startRowFeedForward(
  fields: usize, units: u32, limit: i32, table: usize, chosen: usize, bits: usize, bitsStride: usize,
  nibbles: usize, nibbleStride: usize, masks: usize, nibblePlanes: usize, nibblePlane: usize, maskPlanes: usize, maskPlane: usize,
): void {
  for (let n: u32 = 0; n < units; n++, fields += 64, bits += bitsStride) {
    for (let lane: u32 = 0; lane < 16; lane++) {
      if (load<u8>(bits + lane) == 0) continue;
      if (chosen != 0 && load<u8>(chosen + 16 * usize(n) + lane) == 0) continue;
      const place: u32 = lane & 1 ? 8 + (lane >> 1) : lane >> 1;
      const u = load<i32>(fields + 4 * usize(place));
      const j = min(max(u, -limit), limit) + limit;
      const x = i32(load<i16>(table + 2 * usize(j))) + 32768;
      const nibble = nibbleStride * usize(n) + (lane >> 2);
      const mask = 16 * usize(n) + lane;
      const bit: u32 = 16 << (lane & 3);
      if (nibbles != 0) setBit(nibbles + nibble, bit, u >= 0);
      if (masks != 0) store<u8>(masks + mask, u >= 0 ? 0xff : 0);
      for (let plane: u32 = 0; plane < 9; plane++) {
        const up = ((x >> (plane < 8 ? 8 + plane : 7)) & 1) != 0;
        if (nibblePlanes != 0) setBit(nibblePlanes + plane * nibblePlane + nibble, bit, up);
        if (maskPlanes != 0) store<u8>(maskPlanes + plane * maskPlane + mask, up ? 0xff : 0);
      }
    }
  }
}

@inline
function setBit(at: usize, bit: u32, up: bool): void {
  const rest = u32(load<u8>(at)) & ~bit;
  store<u8>(at, up ? rest | bit : rest);
}
