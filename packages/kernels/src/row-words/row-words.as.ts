// Philox4x32-10 for one row (semantics 5.1-5.3).
//
//   counter = (spinIndex >> 3, sweep, image, blockIndex << 24 | chain)       key = seed
//
// Parallel:  lanes are four consecutive blocks of eight spins; two such sets are interleaved.
// Saved:     c1, c2 and c3 are the same in all lanes, so c2*M1 of round 1 and c0*M0 of round 2 are constants of the sweep
//            (`prepareRowDraws`): 17 of 20 multiplications are left.
// In shadow: vector multiplications leave the scalar units idle, so two blocks of every ten are done by ordinary multiplications beside them.
// Writes:    draws r - 32768 as i16 in the order of spins, 16 bytes a block.
// Constants come from memory: engines rebuild a v128 constant at every use. `keys` is what `prepareKeys` (random-words) writes.

const M0: u32 = 0xd2511f53;
const M1: u32 = 0xcd9e8d57;

@inline
function high(a: v128, m: v128): v128 {
  return i32x4.shuffle(i64x2.extmul_low_i32x4_u(a, m), i64x2.extmul_high_i32x4_u(a, m), 1, 3, 5, 7);
}

/**
 * What the first two rounds know of a sweep of one row. prepared: 5 vectors: c3^k1(0), lo(c2*M1)^k0(1), hi(c0'*M0)^k1(1), lo(c0'*M0),
 * then the lane numbers 0 ... 3.
 */
export function prepareRowDraws(prepared: usize, keys: usize, sweep: u32, image: u32, blockAndChain: u32): void {
  const first = u64(image) * u64(M1);
  const c0 = u32(first >> 32) ^ sweep ^ load<u32>(keys);
  const second = u64(c0) * u64(M0);
  v128.store(prepared, i32x4.splat(blockAndChain ^ load<u32>(keys, 16)));
  v128.store(prepared, i32x4.splat(u32(first) ^ load<u32>(keys, 32)), 16);
  v128.store(prepared, i32x4.splat(u32(second >> 32) ^ load<u32>(keys, 48)), 32);
  v128.store(prepared, i32x4.splat(u32(second)), 48);
  store<u32>(prepared, 0, 64);
  store<u32>(prepared, 1, 68);
  store<u32>(prepared, 2, 72);
  store<u32>(prepared, 3, 76);
}

/** Draws of blocks block ... block + blocks - 1 (block = spinIndex >> 3), and of up to seven more. */
export function drawRow(out: usize, keys: usize, prepared: usize, block: u32, blocks: i32): void {
  for (; blocks >= 10; blocks -= 10, block += 10, out += 160) drawBlocks(true, out, keys, prepared, block);
  for (; blocks > 0; blocks -= 8, block += 8, out += 128) drawBlocks(false, out, keys, prepared, block);
}

/** Eight blocks in vectors, and two more beside them. */
@inline
function drawBlocks(beside: bool, out: usize, keys: usize, prepared: usize, block: u32): void {
  const m0 = v128.load(keys, 320);
  const m1 = v128.load(keys, 336);
  // Rounds 1 and 2.
  const c3 = v128.load(prepared, 0);
  const c2 = v128.load(prepared, 16);
  const c0 = v128.load(prepared, 32);
  const aBlocks = i32x4.add(i32x4.splat(block), v128.load(prepared, 64));
  const bBlocks = i32x4.add(i32x4.splat(block + 4), v128.load(prepared, 64));
  let a2 = v128.xor(high(aBlocks, m0), c3);
  let b2 = v128.xor(high(bBlocks, m0), c3);
  let a0 = v128.xor(high(a2, m1), c2);
  let b0 = v128.xor(high(b2, m1), c2);
  let a1 = i32x4.mul(a2, m1);
  let b1 = i32x4.mul(b2, m1);
  a2 = v128.xor(i32x4.mul(aBlocks, m0), c0);
  b2 = v128.xor(i32x4.mul(bBlocks, m0), c0);
  let a3 = v128.load(prepared, 48);
  let b3 = a3;
  // The same, one number at a time.
  let s0: u32 = 0;
  let s1: u32 = 0;
  let s2: u32 = 0;
  let s3: u32 = 0;
  let t0: u32 = 0;
  let t1: u32 = 0;
  let t2: u32 = 0;
  let t3: u32 = 0;
  if (beside) {
    const s = u64(block + 8) * u64(M0);
    const t = u64(block + 9) * u64(M0);
    const sNext = u64(u32(s >> 32) ^ load<u32>(prepared)) * u64(M1);
    const tNext = u64(u32(t >> 32) ^ load<u32>(prepared)) * u64(M1);
    s0 = u32(sNext >> 32) ^ load<u32>(prepared, 16);
    t0 = u32(tNext >> 32) ^ load<u32>(prepared, 16);
    s1 = u32(sNext);
    t1 = u32(tNext);
    s2 = u32(s) ^ load<u32>(prepared, 32);
    t2 = u32(t) ^ load<u32>(prepared, 32);
    s3 = load<u32>(prepared, 48);
    t3 = s3;
  }
  for (let at: usize = 64; at < 320; at += 32) {
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
    a0 = v128.xor(v128.xor(ah1, a1), k0);
    b0 = v128.xor(v128.xor(bh1, b1), k0);
    a2 = v128.xor(v128.xor(ah0, a3), k1);
    b2 = v128.xor(v128.xor(bh0, b3), k1);
    a1 = al1;
    b1 = bl1;
    a3 = al0;
    b3 = bl0;
    if (beside) {
      const s = u64(s2) * u64(M1);
      const t = u64(t2) * u64(M1);
      const sLow = u64(s0) * u64(M0);
      const tLow = u64(t0) * u64(M0);
      s0 = u32(s >> 32) ^ s1 ^ load<u32>(keys + at);
      t0 = u32(t >> 32) ^ t1 ^ load<u32>(keys + at);
      s2 = u32(sLow >> 32) ^ s3 ^ load<u32>(keys + at, 16);
      t2 = u32(tLow >> 32) ^ t3 ^ load<u32>(keys + at, 16);
      s1 = u32(s);
      t1 = u32(t);
      s3 = u32(sLow);
      t3 = u32(tLow);
    }
  }
  const bias = v128.load(keys, 352);
  transpose(out, a0, v128.xor(a1, bias), a2, v128.xor(a3, bias));
  transpose(out + 64, b0, v128.xor(b1, bias), b2, v128.xor(b3, bias));
  if (beside) {
    store<u32>(out, s0, 128);
    store<u32>(out, s1 ^ load<u32>(keys, 352), 132);
    store<u32>(out, s2, 136);
    store<u32>(out, s3 ^ load<u32>(keys, 352), 140);
    store<u32>(out, t0, 144);
    store<u32>(out, t1 ^ load<u32>(keys, 352), 148);
    store<u32>(out, t2, 152);
    store<u32>(out, t3 ^ load<u32>(keys, 352), 156);
  }
}

/** Words x0 ... x3 of four blocks, block after block. */
@inline
function transpose(out: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  const low01 = i32x4.shuffle(x0, x1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(x2, x3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(x0, x1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(x2, x3, 2, 6, 3, 7);
  v128.store(out, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(out, i64x2.shuffle(low01, low23, 1, 3), 16);
  v128.store(out, i64x2.shuffle(high01, high23, 0, 2), 32);
  v128.store(out, i64x2.shuffle(high01, high23, 1, 3), 48);
}
