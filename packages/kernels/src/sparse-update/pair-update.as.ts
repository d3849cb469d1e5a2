// The updates of sparse-update.as.ts for one tile of at most eight rows: two spins at a time, so that no lane is idle. Spins of one color do not
// touch each other.
//
// Parallel:  lanes 0 ... 7 are the rows of one spin, lanes 8 ... 15 those of the next; as 16-bit numbers E = rows (0,2,4,6) of both and
//            O = rows (1,3,5,7) of both.
// Layout:    the same memory as for 16 rows, of which the first eight lanes of every slot are read and written.
// Summed:    the neighbours that both have together, what one has more alone; segments of several are summed spin by spin.
// Exact if:  as in sparse-update.as.ts.

import { joinMasks, lookup } from '../assembly/lanes.as';
import { ALWAYS, CAP, FLOOR, gather, MULTIPLIER, ODD_BYTES, ROUND_SHIFT, scale, TABLE } from './finish-update.as';
import { COUNTS, DRAWS, FIELDS, GIVER, MASKS, ROWS, SUMS, TABLES } from './tile-group.as';

/** Eight bytes of each of two spins. */
@inline
function halves(a: usize, b: usize): v128 {
  return v128.load_lane<u64>(b, v128.load_zero<u64>(a), 1);
}

/** The low half of a, the high half of b. */
@inline
function joined(a: v128, b: v128): v128 {
  return i64x2.shuffle(a, b, 0, 3);
}

/** Adds T - 32768 of four rows of each spin (T = 65536 where `always`) to their sums. */
@inline
function addConditional(sums: usize, others: usize, t: v128, always: v128, two: bool): void {
  v128.store(sums, i32x4.add(v128.load(sums), i32x4.sub(i32x4.extend_low_i16x8_s(t), i32x4.extend_low_i16x8_s(always))));
  if (two) v128.store(others, i32x4.add(v128.load(others), i32x4.sub(i32x4.extend_high_i16x8_s(t), i32x4.extend_high_i16x8_s(always))));
}

/** Keeps the new states of spins a and b (absent where not `two`); in how many rows they differ from the old ones. */
@inline
function keep(up: v128, group: usize, a: usize, b: usize, two: bool): i32 {
  const masks = usize(load<u32>(group, MASKS));
  const counts = usize(load<u32>(group, COUNTS));
  const rows = i32(load<u8>(group, ROWS));
  const changed = v128.xor(two ? halves(masks + a, masks + b) : v128.load_zero<u64>(masks + a), up);
  v128.store_lane<u64>(masks + a, up, 0);
  if (two) v128.store_lane<u64>(masks + b, up, 1);
  if (counts != 0) {
    const c = i8x16.sub(two ? halves(counts + a, counts + b) : v128.load_zero<u64>(counts + a), up);
    v128.store_lane<u64>(counts + a, c, 0);
    if (two) v128.store_lane<u64>(counts + b, c, 1);
  }
  return popcnt<i32>(i8x16.bitmask(changed) & (two ? rows | (rows << 8) : rows));
}

@inline
function addSums(group: usize, a: usize, b: usize, tE: v128, tO: v128, alwaysE: v128, alwaysO: v128, two: bool): void {
  const sums = usize(load<u32>(group, SUMS));
  if (sums == 0) return;
  addConditional(sums + 4 * a, sums + 4 * b, tE, alwaysE, two);
  addConditional(sums + 4 * a + 32, sums + 4 * b + 32, tO, alwaysO, two);
}

/** Neighbours of an equal record, by both signs. */
@inline
function degreeOf(record: usize): usize {
  return usize(load<u16>(record, 8)) + usize(load<u16>(record, 10));
}

/** The spins of equal records a and b (absent where not `two`). */
@inline
function equalPair(group: usize, odd: v128, a: usize, degreeA: usize, b: usize, degreeB: usize, terms: usize, two: bool): i32 {
  const giver = usize(load<u32>(group, GIVER));
  const tables = usize(load<u32>(group, TABLES));
  const draws = usize(load<u32>(group, DRAWS));
  const positiveA = load<u16>(a, 8);
  const positiveB = two ? load<u16>(b, 8) : positiveA;
  // The positive neighbours come first: beyond them those count that are down.
  const positive = joined(i8x16.splat(i8(positiveA - 1)), i8x16.splat(i8(positiveB - 1)));
  const one = i8x16.splat(1);
  let k = i64x2.splat(0);
  let n = k;
  let i = a + 16;
  let j = b + 16;
  const endA = i + 4 * degreeA;
  const endB = j + 4 * degreeB;
  for (const end = i + 4 * min(degreeA, degreeB); i < end; i += 4, j += 4, k = i8x16.add(k, one)) {
    const states = halves(giver + usize(load<u32>(i)), giver + usize(load<u32>(j)));
    n = i8x16.sub(n, v128.xor(states, i8x16.gt_s(k, positive)));
  }
  for (; i < endA; i += 4, k = i8x16.add(k, one)) {
    const states = v128.load_zero<u64>(giver + usize(load<u32>(i)));
    n = i8x16.sub(n, joined(v128.xor(states, i8x16.gt_s(k, positive)), i64x2.splat(0)));
  }
  for (; j < endB; j += 4, k = i8x16.add(k, one)) {
    const states = v128.load64_splat(giver + usize(load<u32>(j)));
    n = i8x16.sub(n, joined(i64x2.splat(0), v128.xor(states, i8x16.gt_s(k, positive))));
  }

  const tableA = usize(load<u32>(terms));
  const tableB = two ? usize(load<u32>(terms, 4)) : tableA;
  let low = lookup(v128.load(tables + tableA), n);
  let high = lookup(v128.load(tables + tableA, 16), n);
  let last = v128.load(tables + tableA, 32);
  if (tableA != tableB) {
    low = joined(low, lookup(v128.load(tables + tableB), n));
    high = joined(high, lookup(v128.load(tables + tableB, 16), n));
    last = joined(last, v128.load(tables + tableB, 32));
  }
  const always = i8x16.gt_s(n, last);
  const tE = v128.or(v128.andnot(low, odd), i16x8.shl(high, 8));
  const tO = v128.or(v128.and(high, odd), i16x8.shr_u(low, 8));
  const slotA = usize(load<u32>(a));
  const slotB = two ? usize(load<u32>(b)) : 0;
  addSums(group, slotA, slotB, tE, tO, i16x8.shr_s(i16x8.shl(always, 8), 8), i16x8.shr_s(always, 8), two);
  const dA = draws + usize(load<u32>(a, 4));
  const dB = two ? draws + usize(load<u32>(b, 4)) : dA;
  const up = joinMasks(i16x8.gt_s(tE, halves(dA, dB)), i16x8.gt_s(tO, halves(dA + 16, dB + 16)), odd);
  return keep(v128.or(up, always), group, slotA, slotB, two);
}

/** As updateEqual for one tile of at most eight rows. Returns flips. */
export function updateEqualPairs(constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  const odd = v128.load(constants, ODD_BYTES);
  let flips = 0;
  for (; spins >= 2; spins -= 2, terms += 8) {
    const degree = degreeOf(records);
    const next = records + 16 + 4 * degree;
    const nextDegree = degreeOf(next);
    flips += equalPair(group, odd, records, degree, next, nextDegree, terms, true);
    records = next + 16 + 4 * nextDegree;
  }
  if (spins != 0) flips += equalPair(group, odd, records, degreeOf(records), records, 0, terms, false);
  return flips;
}

@inline
function weightedSpins(tabled: bool, constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  const termBytes: usize = tabled ? 8 : 4;
  const giver = usize(load<u32>(group, GIVER));
  let flips = 0;
  while (spins != 0) {
    const two = spins > 1;
    const a = records;
    const segmentsA = load<u32>(a, 8);
    let x = i64x2.splat(0);
    let h = x;
    let b = a;
    let i = a + 24;
    let endA = i + 8 * usize(load<u32>(a, 16));
    if (two && segmentsA == 1 && load<u32>(endA, 8) == 1) {
      // One segment each: together as far as they go.
      b = endA;
      let j = b + 24;
      const endB = j + 8 * usize(load<u32>(b, 16));
      let v = joined(v128.load32_splat(a, 20), v128.load32_splat(b, 20));
      for (const end = i + min(endA - i, endB - j); i < end; i += 8, j += 8) {
        const w = joined(v128.load32_splat(i, 4), v128.load32_splat(j, 4));
        v = i8x16.add(v, v128.and(w, halves(giver + usize(load<u32>(i)), giver + usize(load<u32>(j)))));
      }
      for (; i < endA; i += 8) {
        v = i8x16.add(v, v128.and(v128.load32_splat(i, 4), v128.load_zero<u64>(giver + usize(load<u32>(i)))));
      }
      for (; j < endB; j += 8) {
        v = i8x16.add(v, v128.and(v128.load32_splat(j, 4), v128.load_lane<u64>(giver + usize(load<u32>(j)), i64x2.splat(0), 1)));
      }
      x = v;
      h = i16x8.shr_u(v, 8);
      records = endB;
    } else {
      let at = a + 16;
      for (let left = segmentsA; left != 0; left--) {
        let v = v128.load32_zero(at, 4);
        v = i32x4.shuffle(v, v, 0, 0, 1, 1);
        const end = at + 8 + 8 * usize(load<u32>(at));
        for (at += 8; at < end; at += 8) {
          v = i8x16.add(v, v128.and(v128.load32_splat(at, 4), v128.load_zero<u64>(giver + usize(load<u32>(at)))));
        }
        x = i16x8.add(x, v);
        h = i16x8.add(h, i16x8.shr_u(v, 8));
      }
      if (two) {
        b = at;
        at += 16;
        for (let left = load<u32>(b, 8); left != 0; left--) {
          let v = v128.load32_zero(at, 4);
          v = i32x4.shuffle(v, v, 1, 1, 0, 0);
          const end = at + 8 + 8 * usize(load<u32>(at));
          for (at += 8; at < end; at += 8) {
            v = i8x16.add(v, v128.and(v128.load32_splat(at, 4), v128.load_lane<u64>(giver + usize(load<u32>(at)), i64x2.splat(0), 1)));
          }
          x = i16x8.add(x, v);
          h = i16x8.add(h, i16x8.shr_u(v, 8));
        }
      }
      records = at;
    }
    flips += finishPair(tabled, constants, i16x8.sub(x, i16x8.shl(h, 8)), h, a, b, terms, group, two);
    terms += 2 * termBytes;
    spins -= two ? 2 : 1;
  }
  return flips;
}

/** From V of both spins, E and O. */
@inline
function finishPair(tabled: bool, constants: usize, vE: v128, vO: v128, a: usize, b: usize, terms: usize, group: usize, two: bool): i32 {
  const odd = v128.load(constants, ODD_BYTES);
  const slotA = usize(load<u32>(a));
  const slotB = usize(load<u32>(b));
  let e: v128;
  let o: v128;
  let tE: v128;
  let tO: v128;
  let above: v128;
  const next = two ? terms + (tabled ? 8 : 4) : terms;
  if (tabled) {
    const tables = usize(load<u32>(group, TABLES));
    const tableA = tables + usize(load<u32>(terms));
    const tableB = tables + usize(load<u32>(next));
    const first = joined(v128.load16_splat(terms, 4), v128.load16_splat(next, 4));
    above = joined(v128.load16_splat(tableA), v128.load16_splat(tableB));
    e = i16x8.add(vE, first);
    o = i16x8.add(vO, first);
    tE = gather(i16x8.add(e, e), tableA + 16, tableB + 16);
    tO = gather(i16x8.add(o, o), tableA + 16, tableB + 16);
  } else {
    const fields = usize(load<u32>(group, FIELDS));
    const shift = load<i32>(constants, ROUND_SHIFT);
    const table = usize(load<u32>(constants, TABLE));
    const m = v128.load(constants, MULTIPLIER);
    const cA = v128.load32_splat(terms);
    const cB = v128.load32_splat(next);
    e = scale(vE, m, cA, cB, shift);
    o = scale(vO, m, cA, cB, shift);
    if (fields != 0) {
      const fA = fields + 2 * slotA;
      const fB = fields + 2 * slotB;
      e = i16x8.add_sat_s(e, halves(fA, fB));
      o = i16x8.add_sat_s(o, halves(fA + 16, fB + 16));
    }
    const cap = v128.load(constants, CAP);
    const floor = v128.load(constants, FLOOR);
    above = v128.load(constants, ALWAYS);
    e = i16x8.max_s(i16x8.add_sat_s(e, cap), floor);
    o = i16x8.max_s(i16x8.add_sat_s(o, cap), floor);
    tE = gather(i16x8.add(e, e), table, table);
    tO = gather(i16x8.add(o, o), table, table);
  }
  const alwaysE = i16x8.gt_s(e, above);
  const alwaysO = i16x8.gt_s(o, above);
  addSums(group, slotA, slotB, tE, tO, alwaysE, alwaysO, two);
  const draws = usize(load<u32>(group, DRAWS));
  const dA = draws + usize(load<u32>(a, 4));
  const dB = draws + usize(load<u32>(b, 4));
  const upE = v128.or(i16x8.gt_s(tE, halves(dA, dB)), alwaysE);
  const upO = v128.or(i16x8.gt_s(tO, halves(dA + 16, dB + 16)), alwaysO);
  return keep(joinMasks(upE, upO, odd), group, slotA, slotB, two);
}

/** As updateTabled for one tile of at most eight rows. Returns flips. */
export function updateTabledPairs(constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  return weightedSpins(true, constants, records, spins, terms, group);
}

/** As updateWeighted for one tile of at most eight rows. Returns flips. */
export function updateWeightedPairs(constants: usize, records: usize, spins: u32, terms: usize, group: usize): i32 {
  return weightedSpins(false, constants, records, spins, terms, group);
}
