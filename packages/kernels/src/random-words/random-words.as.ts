// Philox4x32-10 for 16 rows at a time (semantics 5.1–5.3).
//
//   counter = (spinIndex >> 3, sweep, image, blockIndex << 24 | chain)       key = seed
//
// Parallel:  lanes are rows, in four sets of four: lanes (0,2,4,6) (8,10,12,14) (1,3,5,7) (9,11,13,15), so that one unzip gives the
//            16-bit draws of the even and of the odd lanes. Two sets are interleaved.
// Saved:     c0 and c1 are the same in all lanes, so round 1 multiplies c0 as a scalar, and c2·M1 of round 1 and c0·M0 of round 2
//            depend on the sweep alone (`prepareDraws`): 17 of 20 multiplications are left; 16 where all rows are of one image, since
//            then c2 of round 3 is the same in all lanes.
// In shadow: vector multiplications leave the scalar units idle, so of five blocks one is done by ordinary multiplications, two rows beside
//            every pair of lane sets. One row is less than they can do, three are more.
// Writes:    draws r − 32768 as i16: [block][8 spins][E][O], 256 bytes a block.
// Constants come from memory: engines rebuild a v128 constant at every use.

const M0: u32 = 0xd2511f53;
const M1: u32 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9;
const W1: u32 = 0xbb67ae85;

/**
 * keys: 24 vectors. Rounds 0 … 9: k0 at 32·round, k1 at 32·round + 16; those of round 9 carry the bias 0x80008000; then M0 splat at
 * 320, M1 at 336, the bias at 352.
 */
export function prepareKeys(keys: usize, seedLow: u32, seedHigh: u32): void {
  let k0 = seedLow;
  let k1 = seedHigh;
  for (let round: u32 = 0; round < 10; round++) {
    const bias: u32 = round == 9 ? 0x80008000 : 0;
    v128.store(keys + 32 * round, i32x4.splat(k0 ^ bias));
    v128.store(keys + 32 * round + 16, i32x4.splat(k1 ^ bias));
    k0 += W0;
    k1 += W1;
  }
  v128.store(keys, i32x4.splat(M0), 320);
  v128.store(keys, i32x4.splat(M1), 336);
  v128.store(keys, i32x4.splat(0x80008000), 352);
}

@inline
function high(a: v128, m: v128): v128 {
  return i32x4.shuffle(i64x2.extmul_low_i32x4_u(a, m), i64x2.extmul_high_i32x4_u(a, m), 1, 3, 5, 7);
}

/**
 * What the first two rounds know of a sweep. counters: 4 vectors of c2, then 4 of c3 (by lane set). prepared: 4 vectors per lane set:
 * c3^k1(0), lo(c2·M1)^k0(1), hi(c0'·M0)^k1(1), lo(c0'·M0).
 */
export function prepareDraws(prepared: usize, keys: usize, counters: usize, sweep: u32): void {
  const m0 = v128.load(keys, 320);
  const m1 = v128.load(keys, 336);
  for (let set: usize = 0; set < 4; set++) {
    const c2 = v128.load(counters + 16 * set);
    const c3 = v128.load(counters + 16 * set, 64);
    const c0 = v128.xor(v128.xor(high(c2, m1), i32x4.splat(sweep)), v128.load(keys, 0));
    const at = prepared + 64 * set;
    v128.store(at, v128.xor(c3, v128.load(keys, 16)));
    v128.store(at, v128.xor(i32x4.mul(c2, m1), v128.load(keys, 32)), 16);
    v128.store(at, v128.xor(high(c0, m0), v128.load(keys, 48)), 32);
    v128.store(at, i32x4.mul(c0, m0), 48);
  }
}

/** Blocks block … block + blocks − 1 (block = spinIndex >> 3) of one tile. */
export function drawRows(out: usize, keys: usize, prepared: usize, block: u32, blocks: u32): void {
  if (isOneImage(prepared)) drawBlocks(true, out, keys, prepared, block, blocks);
  else drawBlocks(false, out, keys, prepared, block, blocks);
}

/** The same for lanes 0 ... 7 alone, at half the cost; lanes 8 ... 15 keep what was there. */
export function drawHalfRows(out: usize, keys: usize, prepared: usize, block: u32, blocks: u32): void {
  if (isOneImage(prepared)) drawHalfBlocks(true, out, keys, prepared, block, blocks);
  else drawHalfBlocks(false, out, keys, prepared, block, blocks);
}

/** Whether c2 after two rounds is the same in all lanes of a block, as it is where all rows are chains of one image. */
function isOneImage(prepared: usize): bool {
  const first = v128.load32_splat(prepared, 32);
  for (let set: usize = 0; set < 4; set++) {
    if (!i32x4.all_true(i32x4.eq(v128.load(prepared + 64 * set, 32), first))) return false;
  }
  return true;
}

@inline
function drawBlocks(oneImage: bool, out: usize, keys: usize, prepared: usize, block: u32, blocks: u32): void {
  let n: u32 = 0;
  // Four blocks by vectors, and in their shadow a fifth by ordinary multiplications, two rows at a time.
  for (; n + 5 <= blocks; n += 5, out += 1280) {
    const scalar = u64(block + n + 4) * u64(M0);
    for (let place: usize = 0; place < 16; place += 4) {
      const product = u64(block + n + u32(place >> 2)) * u64(M0);
      const at = out + 64 * place;
      drawPair(oneImage, true, false, at, keys, prepared, product, out + 1024 + 2 * place, prepared + 16 * place, scalar);
      drawPair(oneImage, true, false, at + 16, keys, prepared + 128, product, out + 1028 + 2 * place, prepared + 16 * place + 8, scalar);
    }
  }
  for (; n < blocks; n++, out += 256) {
    const product = u64(block + n) * u64(M0);
    drawPair(oneImage, false, false, out, keys, prepared, product, 0, 0, 0);
    drawPair(oneImage, false, false, out + 16, keys, prepared + 128, product, 0, 0, 0);
  }
}

// Lane sets 0 and 2 are the lanes 0 ... 7. Of the scalar block, two rows beside each of four blocks.
@inline
function drawHalfBlocks(oneImage: bool, out: usize, keys: usize, prepared: usize, block: u32, blocks: u32): void {
  let n: u32 = 0;
  for (; n + 5 <= blocks; n += 5, out += 1280) {
    const scalar = u64(block + n + 4) * u64(M0);
    for (let beside: usize = 0; beside < 4; beside++) {
      const product = u64(block + n + u32(beside)) * u64(M0);
      // Lanes 0 and 2, 4 and 6 of set 0; 1 and 3, 5 and 7 of set 2.
      const set = (beside >> 1) << 7;
      const pair = (beside & 1) << 3;
      const rowOut = out + 1024 + ((beside >> 1) << 4) + ((beside & 1) << 2);
      drawPair(oneImage, true, true, out + 256 * beside, keys, prepared, product, rowOut, prepared + set + pair, scalar);
    }
  }
  for (; n < blocks; n++, out += 256) {
    drawPair(oneImage, false, true, out, keys, prepared, u64(block + n) * u64(M0), 0, 0, 0);
  }
}

/**
 * Two lane sets (E, or O; with `half` the first halves of both) of one block: 8 spins, 8 rows each; `product`: its c0·M0. With `mixed` also
 * two rows of another block, to `rowOut`, from the lanes `rowPrepared` and the next of a prepared set.
 */
@inline
function drawPair(
  oneImage: bool, mixed: bool, half: bool, out: usize, keys: usize, prepared: usize, product: u64, rowOut: usize, rowPrepared: usize, rowProduct: u64,
): void {
  const m0 = v128.load(keys, 320);
  const m1 = v128.load(keys, 336);
  const hi0 = i32x4.splat(u32(product >> 32));
  const other = prepared + (half ? 128 : 64);
  // Rounds 1 and 2.
  let a2 = v128.xor(hi0, v128.load(prepared, 0));
  let b2 = v128.xor(hi0, v128.load(other));
  let a0 = v128.xor(high(a2, m1), v128.load(prepared, 16));
  let b0 = v128.xor(high(b2, m1), v128.load(other, 16));
  let a1 = i32x4.mul(a2, m1);
  let b1 = i32x4.mul(b2, m1);
  let a3 = v128.load(prepared, 48);
  let b3 = v128.load(other, 48);
  let s0: u32 = 0, s1: u32 = 0, s2: u32 = 0, s3: u32 = 0;
  let t0: u32 = 0, t1: u32 = 0, t2: u32 = 0, t3: u32 = 0;
  if (mixed) {
    const x = u64(u32(rowProduct >> 32) ^ load<u32>(rowPrepared)) * u64(M1);
    const y = u64(u32(rowProduct >> 32) ^ load<u32>(rowPrepared, 4)) * u64(M1);
    s0 = u32(x >> 32) ^ load<u32>(rowPrepared, 16);
    t0 = u32(y >> 32) ^ load<u32>(rowPrepared, 20);
    s1 = u32(x);
    t1 = u32(y);
    s2 = u32(rowProduct) ^ load<u32>(rowPrepared, 32);
    t2 = u32(rowProduct) ^ load<u32>(rowPrepared, 36);
    s3 = load<u32>(rowPrepared, 48);
    t3 = load<u32>(rowPrepared, 52);
  }
  let at: usize = 64;
  if (oneImage) {
    // Round 3: c2 is the same in all lanes.
    const x = u64(u32(product) ^ load<u32>(prepared, 32)) * u64(M1);
    const k0 = v128.xor(i32x4.splat(u32(x >> 32)), v128.load(keys, 64));
    const k1 = v128.load(keys, 80);
    a2 = v128.xor(v128.xor(high(a0, m0), a3), k1);
    b2 = v128.xor(v128.xor(high(b0, m0), b3), k1);
    a3 = i32x4.mul(a0, m0);
    b3 = i32x4.mul(b0, m0);
    a0 = v128.xor(a1, k0);
    b0 = v128.xor(b1, k0);
    a1 = i32x4.splat(u32(x));
    b1 = a1;
    if (mixed) {
      const x = u64(s2) * u64(M1);
      const y = u64(s0) * u64(M0);
      const z = u64(t0) * u64(M0);
      s0 = u32(x >> 32) ^ s1 ^ load<u32>(keys, 64);
      t0 = u32(x >> 32) ^ t1 ^ load<u32>(keys, 64);
      s1 = u32(x);
      t1 = s1;
      s2 = u32(y >> 32) ^ s3 ^ load<u32>(keys, 80);
      t2 = u32(z >> 32) ^ t3 ^ load<u32>(keys, 80);
      s3 = u32(y);
      t3 = u32(z);
    }
    at = 96;
  } else {
    const lo0 = i32x4.splat(u32(product));
    a2 = v128.xor(lo0, v128.load(prepared, 32));
    b2 = v128.xor(lo0, v128.load(other, 32));
  }
  for (; at < 320; at += 32) {
    const k0 = v128.load(keys + at);
    const k1 = v128.load(keys + at, 16);
    const ah1 = high(a2, m1);
    const bh1 = high(b2, m1);
    const ah0 = high(a0, m0);
    const bh0 = high(b0, m0);
    const al1 = i32x4.mul(a2, m1);
    const bl1 = i32x4.mul(b2, m1);
    const al0 = i32x4.mul(a0, m0);
    const bl0 = i32x4.mul(b0, m0);
    if (mixed) {
      const r0 = load<u32>(keys + at);
      const r1 = load<u32>(keys + at, 16);
      const sx = u64(s2) * u64(M1);
      const sy = u64(s0) * u64(M0);
      s0 = u32(sx >> 32) ^ s1 ^ r0;
      s2 = u32(sy >> 32) ^ s3 ^ r1;
      s1 = u32(sx);
      s3 = u32(sy);
      const tx = u64(t2) * u64(M1);
      const ty = u64(t0) * u64(M0);
      t0 = u32(tx >> 32) ^ t1 ^ r0;
      t2 = u32(ty >> 32) ^ t3 ^ r1;
      t1 = u32(tx);
      t3 = u32(ty);
    }
    a0 = v128.xor(v128.xor(ah1, a1), k0);
    b0 = v128.xor(v128.xor(bh1, b1), k0);
    a2 = v128.xor(v128.xor(ah0, a3), k1);
    b2 = v128.xor(v128.xor(bh0, b3), k1);
    a1 = al1;
    b1 = bl1;
    a3 = al0;
    b3 = bl0;
  }
  const bias = v128.load(keys, 352);
  a1 = v128.xor(a1, bias);
  b1 = v128.xor(b1, bias);
  a3 = v128.xor(a3, bias);
  b3 = v128.xor(b3, bias);
  if (half) {
    unzipHalves(out, a0, b0);
    unzipHalves(out + 64, a1, b1);
    unzipHalves(out + 128, a2, b2);
    unzipHalves(out + 192, a3, b3);
  } else {
    unzip(out, a0, b0);
    unzip(out + 64, a1, b1);
    unzip(out + 128, a2, b2);
    unzip(out + 192, a3, b3);
  }
  if (mixed) {
    storeRows(rowOut, s0, t0);
    storeRows(rowOut + 64, s1 ^ 0x80008000, t1 ^ 0x80008000);
    storeRows(rowOut + 128, s2, t2);
    storeRows(rowOut + 192, s3 ^ 0x80008000, t3 ^ 0x80008000);
  }
}

/** As unzip where a is the first half of E and b of O. */
@inline
function unzipHalves(out: usize, a: v128, b: v128): void {
  const x = i16x8.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
  const y = i16x8.shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
  v128.store_lane<u64>(out, x, 0);
  v128.store_lane<u64>(out + 16, x, 1);
  v128.store_lane<u64>(out + 32, y, 0);
  v128.store_lane<u64>(out + 48, y, 1);
}

/** The draws of two spins in two neighbouring rows. */
@inline
function storeRows(out: usize, s: u32, t: u32): void {
  store<u32>(out, (s & 0xffff) | (t << 16));
  store<u32>(out, (s >> 16) | (t & 0xffff0000), 32);
}

@inline
function unzip(out: usize, a: v128, b: v128): void {
  v128.store(out, i16x8.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14));
  v128.store(out, i16x8.shuffle(a, b, 1, 3, 5, 7, 9, 11, 13, 15), 32);
}
