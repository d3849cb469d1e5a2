// Half sums of convolutions and full matrices for 16 rows at a time.
//
//   V = sum over quads of T_quad[nibble]          T_quad[n] = sum of |w_j| where bit j of n agrees with the sign of w_j          A = 2V - sum|w|
//
// Four couplings and four spins of each of 16 rows are one table look-up: a byte table of 16 entries, indexed by the rows' nibbles.
// Parallel:  lanes are rows. Block: one pixel x four output channels.
// Reads:     nibbles [pixel][quad][16 rows]; tables [run][quad][4 channels][16]; geometry in runs: per pixel a base and a class, per
//            class a list of (nibble offset, table offset, quads), each a contiguous stretch of both streams.
// Writes:    V as 16-bit numbers, [pixel][4 channels][E][O], modulo 2^16.
// Widening:  a += v, h += v >> 8 on 16-bit lanes of the byte sums v; at the end E = a - (h << 8), O = h.
// Exact if:  G neighbouring tables of a run never sum above 255 (G = 1, 2, 4), and V < 2^16; the caller proves both from the weights. A channel's
//            weights of a quad that would break it are taken out (a table of zeros) and added by a single of their own.

import { lookup } from '../assembly/lanes.as';

@inline
function store(out: usize, a: v128, h: v128): void {
  v128.store(out, i16x8.sub(a, i16x8.shl(h, 8)));
  v128.store(out, h, 16);
}

@inline
function pairSum(t: usize, i0: v128, i1: v128): v128 {
  return i8x16.add(lookup(v128.load(t), i0), lookup(v128.load(t, 64), i1));
}

@inline
function quadSum(t: usize, i0: v128, i1: v128, i2: v128, i3: v128): v128 {
  return i8x16.add(pairSum(t, i0, i1), pairSum(t + 128, i2, i3));
}

@inline
function sums(G: i32, out: usize, nibbles: usize, tables: usize, runs: usize): void {
  let a0 = i64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let h0 = a0;
  let h1 = a0;
  let h2 = a0;
  let h3 = a0;
  const end = runs + 16 + 16 * usize(load<u32>(runs));
  const singles = load<u32>(runs, 8);
  for (runs += 16; runs < end; runs += 16) {
    let ip = nibbles + usize(load<i32>(runs));
    let t = tables + usize(load<u32>(runs, 4));
    let quads = load<i32>(runs, 8);
    if (G == 4) {
      for (; quads >= 4; quads -= 4) {
        const i0 = v128.load(ip);
        const i1 = v128.load(ip, 16);
        const i2 = v128.load(ip, 32);
        const i3 = v128.load(ip, 48);
        const v0 = quadSum(t, i0, i1, i2, i3);
        a0 = i16x8.add(a0, v0);
        h0 = i16x8.add(h0, i16x8.shr_u(v0, 8));
        const v1 = quadSum(t + 16, i0, i1, i2, i3);
        a1 = i16x8.add(a1, v1);
        h1 = i16x8.add(h1, i16x8.shr_u(v1, 8));
        const v2 = quadSum(t + 32, i0, i1, i2, i3);
        a2 = i16x8.add(a2, v2);
        h2 = i16x8.add(h2, i16x8.shr_u(v2, 8));
        const v3 = quadSum(t + 48, i0, i1, i2, i3);
        a3 = i16x8.add(a3, v3);
        h3 = i16x8.add(h3, i16x8.shr_u(v3, 8));
        ip += 64;
        t += 256;
      }
    }
    if (G >= 2) {
      for (; quads >= 2; quads -= 2) {
        const i0 = v128.load(ip);
        const i1 = v128.load(ip, 16);
        const v0 = pairSum(t, i0, i1);
        a0 = i16x8.add(a0, v0);
        h0 = i16x8.add(h0, i16x8.shr_u(v0, 8));
        const v1 = pairSum(t + 16, i0, i1);
        a1 = i16x8.add(a1, v1);
        h1 = i16x8.add(h1, i16x8.shr_u(v1, 8));
        const v2 = pairSum(t + 32, i0, i1);
        a2 = i16x8.add(a2, v2);
        h2 = i16x8.add(h2, i16x8.shr_u(v2, 8));
        const v3 = pairSum(t + 48, i0, i1);
        a3 = i16x8.add(a3, v3);
        h3 = i16x8.add(h3, i16x8.shr_u(v3, 8));
        ip += 32;
        t += 128;
      }
    }
    for (; quads > 0; quads--) {
      const i0 = v128.load(ip);
      const v0 = lookup(v128.load(t), i0);
      a0 = i16x8.add(a0, v0);
      h0 = i16x8.add(h0, i16x8.shr_u(v0, 8));
      const v1 = lookup(v128.load(t, 16), i0);
      a1 = i16x8.add(a1, v1);
      h1 = i16x8.add(h1, i16x8.shr_u(v1, 8));
      const v2 = lookup(v128.load(t, 32), i0);
      a2 = i16x8.add(a2, v2);
      h2 = i16x8.add(h2, i16x8.shr_u(v2, 8));
      const v3 = lookup(v128.load(t, 48), i0);
      a3 = i16x8.add(a3, v3);
      h3 = i16x8.add(h3, i16x8.shr_u(v3, 8));
      ip += 16;
      t += 64;
    }
  }
  // Quads that were taken out of their neighbourhood, one by one.
  for (const last = end + 16 * usize(singles); runs < last; runs += 16) {
    const i0 = v128.load(nibbles + usize(load<i32>(runs)));
    const t = tables + usize(load<u32>(runs, 4));
    const v0 = lookup(v128.load(t), i0);
    a0 = i16x8.add(a0, v0);
    h0 = i16x8.add(h0, i16x8.shr_u(v0, 8));
    const v1 = lookup(v128.load(t, 16), i0);
    a1 = i16x8.add(a1, v1);
    h1 = i16x8.add(h1, i16x8.shr_u(v1, 8));
    const v2 = lookup(v128.load(t, 32), i0);
    a2 = i16x8.add(a2, v2);
    h2 = i16x8.add(h2, i16x8.shr_u(v2, 8));
    const v3 = lookup(v128.load(t, 48), i0);
    a3 = i16x8.add(a3, v3);
    h3 = i16x8.add(h3, i16x8.shr_u(v3, 8));
  }
  store(out, a0, h0);
  store(out + 32, a1, h1);
  store(out + 64, a2, h2);
  store(out + 96, a3, h3);
}

// Exact int8: a table entry has nine bits, a low byte and a carry; [quad][4 channels][low 16][carry 16]. Carries are summed as bytes:
// the caller keeps every list of runs below 256 quads.
@inline
function carrySums(out: usize, nibbles: usize, tables: usize, runs: usize): void {
  let a0 = i64x2.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let h0 = a0;
  let h1 = a0;
  let h2 = a0;
  let h3 = a0;
  let c0 = a0;
  let c1 = a0;
  let c2 = a0;
  let c3 = a0;
  const end = runs + 16 + 16 * usize(load<u32>(runs));
  for (runs += 16; runs < end; runs += 16) {
    let ip = nibbles + usize(load<i32>(runs));
    let t = tables + usize(load<u32>(runs, 4));
    for (let quads = load<i32>(runs, 8); quads > 0; quads--) {
      const i0 = v128.load(ip);
      const v0 = lookup(v128.load(t), i0);
      a0 = i16x8.add(a0, v0);
      h0 = i16x8.add(h0, i16x8.shr_u(v0, 8));
      c0 = i8x16.add(c0, lookup(v128.load(t, 16), i0));
      const v1 = lookup(v128.load(t, 32), i0);
      a1 = i16x8.add(a1, v1);
      h1 = i16x8.add(h1, i16x8.shr_u(v1, 8));
      c1 = i8x16.add(c1, lookup(v128.load(t, 48), i0));
      const v2 = lookup(v128.load(t, 64), i0);
      a2 = i16x8.add(a2, v2);
      h2 = i16x8.add(h2, i16x8.shr_u(v2, 8));
      c2 = i8x16.add(c2, lookup(v128.load(t, 80), i0));
      const v3 = lookup(v128.load(t, 96), i0);
      a3 = i16x8.add(a3, v3);
      h3 = i16x8.add(h3, i16x8.shr_u(v3, 8));
      c3 = i8x16.add(c3, lookup(v128.load(t, 112), i0));
      ip += 16;
      t += 128;
    }
  }
  storeCarried(out, a0, h0, c0);
  storeCarried(out + 32, a1, h1, c1);
  storeCarried(out + 64, a2, h2, c2);
  storeCarried(out + 96, a3, h3, c3);
}

@inline
function storeCarried(out: usize, a: v128, h: v128, c: v128): void {
  // 256 * carry of the even bytes: their low byte moved up; of the odd bytes: already the upper byte.
  v128.store(out, i16x8.add(i16x8.sub(a, i16x8.shl(h, 8)), i16x8.shl(c, 8)));
  v128.store(out, i16x8.add(h, i16x8.shl(i16x8.shr_u(c, 8), 8)), 16);
}

/**
 * V of pixels begin ... end - 1 for one quad of output channels. pixels: per pixel (i32 nibble base, u32 class offset); classes: per class
 * u32 run count, u32 offset of its constants, u32 count of singles, unused; then the runs of 16 bytes: i32 nibble offset, u32 table
 * offset, i32 quads, unused; then the singles: i32 nibble offset, u32 table offset, 8 unused.
 */
export function halfSums1(out: usize, nibbles: usize, tables: usize, pixels: usize, classes: usize, begin: u32, end: u32): void {
  for (let p = begin; p < end; p++, out += 128) {
    const at = pixels + 8 * p;
    sums(1, out, nibbles + usize(load<i32>(at)), tables, classes + usize(load<u32>(at, 4)));
  }
}

export function halfSums2(out: usize, nibbles: usize, tables: usize, pixels: usize, classes: usize, begin: u32, end: u32): void {
  for (let p = begin; p < end; p++, out += 128) {
    const at = pixels + 8 * p;
    sums(2, out, nibbles + usize(load<i32>(at)), tables, classes + usize(load<u32>(at, 4)));
  }
}

export function halfSums4(out: usize, nibbles: usize, tables: usize, pixels: usize, classes: usize, begin: u32, end: u32): void {
  for (let p = begin; p < end; p++, out += 128) {
    const at = pixels + 8 * p;
    sums(4, out, nibbles + usize(load<i32>(at)), tables, classes + usize(load<u32>(at, 4)));
  }
}

export function carriedHalfSums(out: usize, nibbles: usize, tables: usize, pixels: usize, classes: usize, begin: u32, end: u32): void {
  for (let p = begin; p < end; p++, out += 128) {
    const at = pixels + 8 * p;
    carrySums(out, nibbles + usize(load<i32>(at)), tables, classes + usize(load<u32>(at, 4)));
  }
}
