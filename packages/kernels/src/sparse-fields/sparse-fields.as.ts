// The part of the local field that a sparse (or diagonal) coupling gives to a list of spins, as 32-bit numbers, 16 rows at a time: the
// general form beside sparse-update.as.ts, for several couplings into one bank, wide ranges, any sh, the feed-forward start (semantics 4.3, 4.8).
//
//   A = sum of w_j s_j = 2V - sum|w|          fields += scaled(A)          or          sums += A << shift
//
// Parallel:  lanes are rows; records and byte sums as in sparse-update.as.ts.
// Layout:    fields, sums: [slot][4 vectors] i32, lanes (0,2,4,6) (8,10,12,14) (1,3,5,7) (9,11,13,15).
// Reads:     masks of the giving bank. Writes: fields or sums of the listed spins only.
// Exact if:  |A| < 2^21, |scaled(A)| < 2^26; any number of segments of sum|w| <= 255.

/** How A is used: the multiplier and shift of scaled(A), or a left shift. */
@inline
function used(a: v128, scaled: bool, m: v128, low8: v128, half: v128, sh: i32): v128 {
  if (!scaled) return i32x4.shl(a, sh);
  if (sh >= 38) return i64x2.splat(0);
  const hi = i32x4.mul(i32x4.shr_s(a, 8), m);
  const lo = i32x4.mul(v128.and(a, low8), m);
  if (sh >= 9) return i32x4.shr_s(i32x4.add(i32x4.add(hi, i32x4.shr_s(lo, 8)), half), sh - 8);
  return i32x4.add(i32x4.shl(hi, 8 - sh), i32x4.shr_s(i32x4.add(lo, half), sh));
}

@inline
function roundingHalf(sh: i32): v128 {
  return i32x4.splat(sh >= 9 ? 1 << (sh - 9) : sh >= 1 ? 1 << (sh - 1) : 0);
}

@inline
function add(at: usize, value: v128): void {
  v128.store(at, i32x4.add(v128.load(at), value));
}

@inline
function equalSpins(scaled: bool, records: usize, spins: u32, giver: usize, out: usize, multiplier: u32, sh: i32): void {
  const m = i32x4.splat(multiplier);
  const low8 = i32x4.splat(255);
  const half = roundingHalf(sh);
  for (let k: u32 = 0; k < spins; k++) {
    const o = out + 4 * usize(load<u32>(records));
    const positive = usize(load<u16>(records, 8));
    const negative = usize(load<u16>(records, 10));
    const weight = v128.load16_splat(records, 12);
    let n = i8x16.splat(i8(negative));
    records += 16;
    for (const end = records + 4 * positive; records < end; records += 4) {
      n = i8x16.sub(n, v128.load(giver + usize(load<u32>(records))));
    }
    for (const end = records + 4 * negative; records < end; records += 4) {
      n = i8x16.add(n, v128.load(giver + usize(load<u32>(records))));
    }
    const degree = i16x8.splat(i16(positive + negative));
    const n2 = i8x16.add(n, n);
    const e = i16x8.mul(i16x8.sub(i16x8.shr_u(i16x8.shl(n2, 8), 8), degree), weight);
    const d = i16x8.mul(i16x8.sub(i16x8.shr_u(n2, 8), degree), weight);
    add(o, used(i32x4.extend_low_i16x8_s(e), scaled, m, low8, half, sh));
    add(o + 16, used(i32x4.extend_high_i16x8_s(e), scaled, m, low8, half, sh));
    add(o + 32, used(i32x4.extend_low_i16x8_s(d), scaled, m, low8, half, sh));
    add(o + 48, used(i32x4.extend_high_i16x8_s(d), scaled, m, low8, half, sh));
  }
}

@inline
function weightedSpins(scaled: bool, records: usize, spins: u32, giver: usize, out: usize, multiplier: u32, sh: i32): void {
  const m = i32x4.splat(multiplier);
  const low8 = i32x4.splat(255);
  const half = roundingHalf(sh);
  for (let k: u32 = 0; k < spins; k++) {
    const o = out + 4 * usize(load<u32>(records));
    let segments = load<u32>(records, 8);
    const base = v128.load32_splat(records, 12);
    let v0 = i64x2.splat(0);
    let v1 = v0;
    let v2 = v0;
    let v3 = v0;
    records += 16;
    while (segments != 0) {
      // 256 segments of at most 255 fit 16 bits.
      let a = i64x2.splat(0);
      let h = a;
      const next = min<u32>(segments, 256);
      segments -= next;
      for (let left = next; left != 0; left--) {
        let v = v128.load32_splat(records, 4);
        const end = records + 8 + 8 * usize(load<u32>(records));
        for (records += 8; records < end; records += 8) {
          v = i8x16.add(v, v128.and(v128.load32_splat(records, 4), v128.load(giver + usize(load<u32>(records)))));
        }
        a = i16x8.add(a, v);
        h = i16x8.add(h, i16x8.shr_u(v, 8));
      }
      a = i16x8.sub(a, i16x8.shl(h, 8));
      v0 = i32x4.add(v0, i32x4.extend_low_i16x8_u(a));
      v1 = i32x4.add(v1, i32x4.extend_high_i16x8_u(a));
      v2 = i32x4.add(v2, i32x4.extend_low_i16x8_u(h));
      v3 = i32x4.add(v3, i32x4.extend_high_i16x8_u(h));
    }
    add(o, used(i32x4.sub(i32x4.add(v0, v0), base), scaled, m, low8, half, sh));
    add(o + 16, used(i32x4.sub(i32x4.add(v1, v1), base), scaled, m, low8, half, sh));
    add(o + 32, used(i32x4.sub(i32x4.add(v2, v2), base), scaled, m, low8, half, sh));
    add(o + 48, used(i32x4.sub(i32x4.add(v3, v3), base), scaled, m, low8, half, sh));
  }
}

/** fields += scaled(A) of the spins of equal |w| (records of updateEqual); 0 <= sh <= 40. */
export function addEqualFields(records: usize, spins: u32, giver: usize, fields: usize, multiplier: u32, sh: i32): void {
  equalSpins(true, records, spins, giver, fields, multiplier, sh);
}

/** fields += scaled(A) of the other spins (records of updateTabled). */
export function addWeightedFields(records: usize, spins: u32, giver: usize, fields: usize, multiplier: u32, sh: i32): void {
  weightedSpins(true, records, spins, giver, fields, multiplier, sh);
}

/** sums += A << shift. */
export function addEqualSums(records: usize, spins: u32, giver: usize, sums: usize, shift: i32): void {
  equalSpins(false, records, spins, giver, sums, 0, shift);
}

/** sums += A << shift. */
export function addWeightedSums(records: usize, spins: u32, giver: usize, sums: usize, shift: i32): void {
  weightedSpins(false, records, spins, giver, sums, 0, shift);
}
