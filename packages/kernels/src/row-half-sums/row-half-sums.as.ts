// Half sums of convolutions and full matrices for one row.
//
//   V = sum over quads of T_quad[nibble]          T_quad[n] = sum of |w_j| where bit j of n agrees with the sign of w_j          A = 2V - sum|w|
//
// Four giving spins and sixteen receiving channels are one scalar load (the nibble) and one vector load: T_quad is 16 vectors, entry n at
// byte 16n, lanes are the receiving channels of one pixel.
// Reads:     nibbles [pixel][quad], bytes 16 * nibble; tables [run][quad][16 nibbles][16 channels]; geometry in runs: per pixel a base
//            and a class, per class a list of (nibble offset, table offset, quads), each a contiguous stretch of both streams.
// Writes:    V as 16-bit numbers, [pixel][E: even channels][O: odd channels], modulo 2^16.
// Widening:  a += v, h += v >> 8 on 16-bit lanes of the byte sums v; at the end E = a - (h << 8), O = h.
// Exact if:  G neighbouring tables of a run never sum above 255 (G = 1, 2, 4), and V < 2^16; the caller proves both from the weights.

@inline
function pair(t: usize, nibbles: usize): v128 {
  return i8x16.add(v128.load(t + usize(load<u8>(nibbles))), v128.load(t + usize(load<u8>(nibbles, 1)), 256));
}

@inline
function four(t: usize, nibbles: usize): v128 {
  return i8x16.add(pair(t, nibbles), pair(t + 512, nibbles + 2));
}

@inline
function sums(G: i32, out: usize, nibbles: usize, tables: usize, runs: usize): void {
  let a = i64x2.splat(0);
  let h = a;
  let b = a;
  let i = a;
  const end = runs + 16 + 16 * usize(load<u32>(runs));
  for (runs += 16; runs < end; runs += 16) {
    let ip = nibbles + usize(load<i32>(runs));
    let t = tables + usize(load<u32>(runs, 4));
    let quads = load<i32>(runs, 8);
    if (G == 4) {
      for (; quads >= 8; quads -= 8, ip += 8, t += 2048) {
        const v0 = four(t, ip);
        a = i16x8.add(a, v0);
        h = i16x8.add(h, i16x8.shr_u(v0, 8));
        const v1 = four(t + 1024, ip + 4);
        b = i16x8.add(b, v1);
        i = i16x8.add(i, i16x8.shr_u(v1, 8));
      }
      for (; quads >= 4; quads -= 4, ip += 4, t += 1024) {
        const v = four(t, ip);
        a = i16x8.add(a, v);
        h = i16x8.add(h, i16x8.shr_u(v, 8));
      }
    }
    if (G >= 2) {
      if (G == 2) {
        for (; quads >= 8; quads -= 8, ip += 8, t += 2048) {
          const v0 = pair(t, ip);
          a = i16x8.add(a, v0);
          h = i16x8.add(h, i16x8.shr_u(v0, 8));
          const v1 = pair(t + 512, ip + 2);
          b = i16x8.add(b, v1);
          i = i16x8.add(i, i16x8.shr_u(v1, 8));
          const v2 = pair(t + 1024, ip + 4);
          a = i16x8.add(a, v2);
          h = i16x8.add(h, i16x8.shr_u(v2, 8));
          const v3 = pair(t + 1536, ip + 6);
          b = i16x8.add(b, v3);
          i = i16x8.add(i, i16x8.shr_u(v3, 8));
        }
      }
      for (; quads >= 2; quads -= 2, ip += 2, t += 512) {
        const v = pair(t, ip);
        a = i16x8.add(a, v);
        h = i16x8.add(h, i16x8.shr_u(v, 8));
      }
    }
    if (G == 1) {
      for (; quads >= 4; quads -= 4, ip += 4, t += 1024) {
        const v0 = v128.load(t + usize(load<u8>(ip)));
        a = i16x8.add(a, v0);
        h = i16x8.add(h, i16x8.shr_u(v0, 8));
        const v1 = v128.load(t + usize(load<u8>(ip, 1)), 256);
        b = i16x8.add(b, v1);
        i = i16x8.add(i, i16x8.shr_u(v1, 8));
        const v2 = v128.load(t + usize(load<u8>(ip, 2)), 512);
        a = i16x8.add(a, v2);
        h = i16x8.add(h, i16x8.shr_u(v2, 8));
        const v3 = v128.load(t + usize(load<u8>(ip, 3)), 768);
        b = i16x8.add(b, v3);
        i = i16x8.add(i, i16x8.shr_u(v3, 8));
      }
    }
    for (; quads > 0; quads--, ip++, t += 256) {
      const v = v128.load(t + usize(load<u8>(ip)));
      a = i16x8.add(a, v);
      h = i16x8.add(h, i16x8.shr_u(v, 8));
    }
  }
  a = i16x8.add(a, b);
  h = i16x8.add(h, i);
  v128.store(out, i16x8.sub(a, i16x8.shl(h, 8)));
  v128.store(out, h, 16);
}

@inline
function wideSums(out: usize, nibbles: usize, tables: usize, runs: usize): void {
  let e = i64x2.splat(0);
  let o = e;
  const end = runs + 16 + 16 * usize(load<u32>(runs));
  for (runs += 16; runs < end; runs += 16) {
    let ip = nibbles + usize(load<i32>(runs));
    let t = tables + usize(load<u32>(runs, 4));
    for (let quads = load<i32>(runs, 8); quads > 0; quads--, ip++, t += 512) {
      const from = t + usize(load<u8>(ip));
      e = i16x8.add(e, v128.load(from));
      o = i16x8.add(o, v128.load(from, 256));
    }
  }
  v128.store(out, e);
  v128.store(out, o, 16);
}

/**
 * V of units begin ... end - 1 for one group of 16 receiving channels, of `rows` rows: row r gives from nibbles + r * rowBytes, and its V go to
 * out + r * outBytes. Units are the outer loop, so that rows share what the cache holds of a unit's tables. pixels: per unit (i32 nibble base,
 * u32 class offset); classes: per class u32 run count and 12 unused bytes, then the runs of 16 bytes: i32 nibble offset, u32 table offset,
 * i32 quads, unused.
 */
export function rowHalfSums1(
  out: usize, nibbles: usize, tables: usize, pixels: usize, classes: usize, begin: u32, end: u32, rows: u32, rowBytes: usize, outBytes: usize,
): void {
  for (let p = begin; p < end; p++, out += 32) {
    const at = pixels + 8 * p;
    const from = nibbles + usize(load<i32>(at));
    const runs = classes + usize(load<u32>(at, 4));
    for (let row: u32 = 0; row < rows; row++) sums(1, out + row * outBytes, from + row * rowBytes, tables, runs);
  }
}

export function rowHalfSums2(
  out: usize, nibbles: usize, tables: usize, pixels: usize, classes: usize, begin: u32, end: u32, rows: u32, rowBytes: usize, outBytes: usize,
): void {
  for (let p = begin; p < end; p++, out += 32) {
    const at = pixels + 8 * p;
    const from = nibbles + usize(load<i32>(at));
    const runs = classes + usize(load<u32>(at, 4));
    for (let row: u32 = 0; row < rows; row++) sums(2, out + row * outBytes, from + row * rowBytes, tables, runs);
  }
}

export function rowHalfSums4(
  out: usize, nibbles: usize, tables: usize, pixels: usize, classes: usize, begin: u32, end: u32, rows: u32, rowBytes: usize, outBytes: usize,
): void {
  for (let p = begin; p < end; p++, out += 32) {
    const at = pixels + 8 * p;
    const from = nibbles + usize(load<i32>(at));
    const runs = classes + usize(load<u32>(at, 4));
    for (let row: u32 = 0; row < rows; row++) sums(4, out + row * outBytes, from + row * rowBytes, tables, runs);
  }
}

/** Any int8 weights: tables of 16-bit numbers, 512 bytes a quad: [16 nibbles][E], then [16 nibbles][O]. */
export function rowWideHalfSums(
  out: usize, nibbles: usize, tables: usize, pixels: usize, classes: usize, begin: u32, end: u32, rows: u32, rowBytes: usize, outBytes: usize,
): void {
  for (let p = begin; p < end; p++, out += 32) {
    const at = pixels + 8 * p;
    const from = nibbles + usize(load<i32>(at));
    const runs = classes + usize(load<u32>(at, 4));
    for (let row: u32 = 0; row < rows; row++) wideSums(out + row * outBytes, from + row * rowBytes, tables, runs);
  }
}
