// Between a tile's states and the packed rows of the contract (semantics 1.1), and out of a tile: sums per image.
//
// A bank is `channels x pixels`; spin (c, p) has the index c * pixels + p, lies in bit c & 3 of the nibble at (p * quads + (c >> 2)) * 16 + lane,
// or in the mask byte at slot * 16 + lane, slot = ((c >> 2) * pixels + p) * 4 + (c & 3).

@inline
function nibbleAt(c: u32, p: u32, quads: u32): usize {
  return usize(p * quads + (c >> 2)) << 4;
}

@inline
function slotOf(c: u32, p: u32, pixels: u32): usize {
  return (((usize(c) >> 2) * usize(pixels) + usize(p)) << 2) + usize(c & 3);
}

/**
 * All rows of a tile as packed words: row l at out + l * rowStride, spin 0 the lowest bit of the first byte. Padding bits are written as
 * zeros up to a multiple of 32. Source: nibbles, or masks where nibbles is 0. rows: how many lanes exist.
 */
export function packTile(out: usize, rowStride: usize, rows: u32, nibbles: usize, masks: usize, channels: u32, pixels: u32): void {
  const quads = (channels + 3) >> 2;
  const spins = channels * pixels;
  const bytes = ((spins + 31) >> 5) << 2;
  let c: u32 = 0;
  let p: u32 = 0;
  const one = i8x16.splat(1);
  for (let byte: u32 = 0; byte < bytes; byte++) {
    let v = i64x2.splat(0);
    for (let bit: u32 = 0; bit < 8 && c < channels; bit++) {
      const s = nibbles != 0
        ? v128.and(i8x16.shr_u(v128.load(nibbles + nibbleAt(c, p, quads)), c & 3), one)
        : v128.and(v128.load(masks + (slotOf(c, p, pixels) << 4)), one);
      v = v128.or(v, i8x16.shl(s, bit));
      if (++p == pixels) {
        p = 0;
        c++;
      }
    }
    let at = out + byte;
    store<u8>(at, i8x16.extract_lane_u(v, 0));
    if (rows > 1) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 1));
    if (rows > 2) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 2));
    if (rows > 3) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 3));
    if (rows > 4) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 4));
    if (rows > 5) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 5));
    if (rows > 6) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 6));
    if (rows > 7) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 7));
    if (rows > 8) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 8));
    if (rows > 9) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 9));
    if (rows > 10) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 10));
    if (rows > 11) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 11));
    if (rows > 12) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 12));
    if (rows > 13) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 13));
    if (rows > 14) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 14));
    if (rows > 15) store<u8>((at += rowStride), i8x16.extract_lane_u(v, 15));
  }
}

/**
 * Sets all states of a bank of a tile. sources: per lane the address of a packed row (u32), 16 of them (absent rows repeat one that
 * exists). Writes nibbles and masks (0: not wanted); nibbles of padding channels are 0.
 */
export function unpackTile(sources: usize, nibbles: usize, masks: usize, channels: u32, pixels: u32): void {
  const quads = (channels + 3) >> 2;
  if (nibbles != 0) memory.fill(nibbles, 0, (usize(quads) * pixels) << 4);
  if (masks != 0) memory.fill(masks, 0, (usize(quads) * pixels) << 6);
  let c: u32 = 0;
  let p: u32 = 0;
  const one = i8x16.splat(1);
  const zero = i64x2.splat(0);
  for (let byte: u32 = 0; c < channels; byte++) {
    let v = v128.load8_splat(usize(load<u32>(sources)) + byte);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 4)) + byte, v, 1);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 8)) + byte, v, 2);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 12)) + byte, v, 3);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 16)) + byte, v, 4);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 20)) + byte, v, 5);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 24)) + byte, v, 6);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 28)) + byte, v, 7);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 32)) + byte, v, 8);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 36)) + byte, v, 9);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 40)) + byte, v, 10);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 44)) + byte, v, 11);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 48)) + byte, v, 12);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 52)) + byte, v, 13);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 56)) + byte, v, 14);
    v = v128.load_lane<u8>(usize(load<u32>(sources, 60)) + byte, v, 15);
    for (let bit: u32 = 0; bit < 8 && c < channels; bit++) {
      const s = v128.and(i8x16.shr_u(v, bit), one);
      if (nibbles != 0) {
        const at = nibbles + nibbleAt(c, p, quads);
        v128.store(at, v128.or(v128.load(at), i8x16.shl(s, c & 3)));
      }
      if (masks != 0) v128.store(masks + (slotOf(c, p, pixels) << 4), i8x16.sub(zero, s));
      if (++p == pixels) {
        p = 0;
        c++;
      }
    }
  }
}

/** sums [slot][16 rows] i32 += counts [slot][16] u8, in the row order of the 32-bit form; counts are cleared. */
export function flushCounts(sums: usize, counts: usize, slots: u32): void {
  const zero = i64x2.splat(0);
  for (let n: u32 = 0; n < slots; n++, sums += 64, counts += 16) {
    const v = v128.load(counts);
    const even = v128.and(v, i16x8.splat(0xff));
    const odd = i16x8.shr_u(v, 8);
    v128.store(sums, i32x4.add(v128.load(sums), i32x4.extend_low_i16x8_u(even)));
    v128.store(sums, i32x4.add(v128.load(sums, 16), i32x4.extend_high_i16x8_u(even)), 16);
    v128.store(sums, i32x4.add(v128.load(sums, 32), i32x4.extend_low_i16x8_u(odd)), 32);
    v128.store(sums, i32x4.add(v128.load(sums, 48), i32x4.extend_high_i16x8_u(odd)), 48);
    v128.store(counts, zero);
  }
}

/**
 * out [spin] i32 += 2 * (sum + count) + offset of one lane, spins in index order. sums (i32 [slot][16], byte place 4 * place of the lane)
 * and counts (u8 [slot][16]) may each be 0.
 */
export function collectLane(out: usize, sums: usize, counts: usize, lane: u32, channels: u32, pixels: u32, offset: i32): void {
  const place = lane & 1 ? 8 + (lane >> 1) : lane >> 1;
  for (let c: u32 = 0; c < channels; c++) {
    for (let p: u32 = 0; p < pixels; p++, out += 4) {
      const slot = slotOf(c, p, pixels);
      let n: i32 = 0;
      if (sums != 0) n += load<i32>(sums + (slot << 6) + (place << 2));
      if (counts != 0) n += i32(load<u8>(counts + (slot << 4) + lane));
      store<i32>(out, load<i32>(out) + 2 * n + offset);
    }
  }
}
