// What follows the fields in every update: thresholds T of clamped fields, the sums of them, and T inverted. Shared by the kernels of 16 rows and of
// one row.
//
// s = +1  iff  r < T[x]  iff  x > inverse[r], inverse[r] = the largest clamped x with T <= r, one less than all x where there is none. The index of the
// inverse table is known before the field is.

/** Every 16-bit lane of one half of v twice: operands of a dot product with (m1, m2). */
@inline
export function widen(v: v128, high: bool): v128 {
  return high ? i16x8.shuffle(v, v, 4, 4, 5, 5, 6, 6, 7, 7) : i16x8.shuffle(v, v, 0, 0, 1, 1, 2, 2, 3, 3);
}

/** T of eight clamped fields; `at` is the address of the table less the smallest offset. Two chains of insertions are faster than one. */
@inline
export function thresholds(x: v128, at: usize): v128 {
  const twice = i16x8.add(x, x);
  const a = i32x4.extract_lane(twice, 0);
  const b = i32x4.extract_lane(twice, 1);
  const c = i32x4.extract_lane(twice, 2);
  const d = i32x4.extract_lane(twice, 3);
  let t = v128.load16_splat(at + usize(a & 0xffff));
  let s = v128.load16_splat(at + usize(c & 0xffff));
  t = v128.load_lane<u16>(at + usize(a >>> 16), t, 1);
  s = v128.load_lane<u16>(at + usize(c >>> 16), s, 1);
  t = v128.load_lane<u16>(at + usize(b & 0xffff), t, 2);
  s = v128.load_lane<u16>(at + usize(d & 0xffff), s, 2);
  t = v128.load_lane<u16>(at + usize(b >>> 16), t, 3);
  s = v128.load_lane<u16>(at + usize(d >>> 16), s, 3);
  return i64x2.shuffle(t, s, 0, 2);
}

/** T of eight clamped fields, four and four; `at` is the address of the entry for field 0. */
@inline
export function thresholds32(low: v128, high: v128, at: usize): v128 {
  const a = i32x4.add(low, low);
  const b = i32x4.add(high, high);
  let t = v128.load16_splat(at + usize(i32x4.extract_lane(a, 0)));
  let s = v128.load16_splat(at + usize(i32x4.extract_lane(b, 0)));
  t = v128.load_lane<u16>(at + usize(i32x4.extract_lane(a, 1)), t, 1);
  s = v128.load_lane<u16>(at + usize(i32x4.extract_lane(b, 1)), s, 1);
  t = v128.load_lane<u16>(at + usize(i32x4.extract_lane(a, 2)), t, 2);
  s = v128.load_lane<u16>(at + usize(i32x4.extract_lane(b, 2)), s, 2);
  t = v128.load_lane<u16>(at + usize(i32x4.extract_lane(a, 3)), t, 3);
  s = v128.load_lane<u16>(at + usize(i32x4.extract_lane(b, 3)), s, 3);
  return i64x2.shuffle(t, s, 0, 2);
}

/**
 * inverse[r] of eight draws, each r - 32768 as it lies in memory: i16 entries, `at` is the address of the entry of draw bits 0 (r = 32768), that of
 * draw bits 0x8000 (r = 0) is 65536 bytes on.
 */
@inline
export function inverseThresholds(draws: v128, at: usize): v128 {
  const a = i32x4.extract_lane(draws, 0);
  const b = i32x4.extract_lane(draws, 1);
  const c = i32x4.extract_lane(draws, 2);
  const d = i32x4.extract_lane(draws, 3);
  let t = v128.load16_splat(at + (usize(a & 0xffff) << 1));
  let s = v128.load16_splat(at + (usize(c & 0xffff) << 1));
  t = v128.load_lane<u16>(at + (usize(a >>> 16) << 1), t, 1);
  s = v128.load_lane<u16>(at + (usize(c >>> 16) << 1), s, 1);
  t = v128.load_lane<u16>(at + (usize(b & 0xffff) << 1), t, 2);
  s = v128.load_lane<u16>(at + (usize(d & 0xffff) << 1), s, 2);
  t = v128.load_lane<u16>(at + (usize(b >>> 16) << 1), t, 3);
  s = v128.load_lane<u16>(at + (usize(d >>> 16) << 1), s, 3);
  return i64x2.shuffle(t, s, 0, 2);
}

/** Adds T - 32768 of eight rows or spins (T = 65536 where `always`) to eight 32-bit sums. */
@inline
export function addConditional(sums: usize, t: v128, always: v128): void {
  const low = i32x4.sub(i32x4.extend_low_i16x8_s(t), i32x4.extend_low_i16x8_s(always));
  const high = i32x4.sub(i32x4.extend_high_i16x8_s(t), i32x4.extend_high_i16x8_s(always));
  v128.store(sums, i32x4.add(v128.load(sums), low));
  v128.store(sums, i32x4.add(v128.load(sums, 16), high), 16);
}
