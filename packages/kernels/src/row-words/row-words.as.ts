// Philox4x32-10 for one row (semantics 5.1-5.3).
//
//   counter = (spinIndex >> 3, sweep, image, blockIndex << 24 | chain)       key = seed
//
// Parallel:  lanes are four consecutive blocks of eight spins; two such sets are interleaved.
// Saved:     c1, c2 and c3 are the same in all lanes, so c2*M1 of round 1 and c0*M0 of round 2 are constants of the sweep
//            (`prepareRowDraws`): 17 of 20 multiplications are left.
// Writes:    draws r - 32768 as i16 in the order of spins, 16 bytes a block.
// Constants come from memory: engines rebuild a v128 constant at every use. `keys` is what `prepareKeys` (random-words) writes.

const M0: u32 = 0xd2511f53;
const M1: u32 = 0xcd9e8d57;

// @ts-ignore: decorator
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

/** Draws of blocks block ... block + blocks - 1 (block = spinIndex >> 3); writes whole groups of eight blocks, 128 bytes each. */
export function drawRow(out: usize, keys: usize, prepared: usize, block: u32, blocks: u32): void {
  const m0 = v128.load(keys, 320);
  for (const end = out + 16 * usize(blocks); out < end; out += 128, block += 8) {
    const a = i32x4.add(i32x4.splat(block), v128.load(prepared, 64));
    const b = i32x4.add(i32x4.splat(block + 4), v128.load(prepared, 64));
    drawBlocks(out, keys, prepared, high(a, m0), i32x4.mul(a, m0), high(b, m0), i32x4.mul(b, m0));
  }
}

// @ts-ignore: decorator
@inline
function drawBlocks(out: usize, keys: usize, prepared: usize, aHigh: v128, aLow: v128, bHigh: v128, bLow: v128): void {
  const m0 = v128.load(keys, 320);
  const m1 = v128.load(keys, 336);
  // Rounds 1 and 2.
  const c3 = v128.load(prepared, 0);
  const c2 = v128.load(prepared, 16);
  const c0 = v128.load(prepared, 32);
  let a2 = v128.xor(aHigh, c3);
  let b2 = v128.xor(bHigh, c3);
  let a0 = v128.xor(high(a2, m1), c2);
  let b0 = v128.xor(high(b2, m1), c2);
  let a1 = i32x4.mul(a2, m1);
  let b1 = i32x4.mul(b2, m1);
  a2 = v128.xor(aLow, c0);
  b2 = v128.xor(bLow, c0);
  let a3 = v128.load(prepared, 48);
  let b3 = a3;
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
  }
  const bias = v128.load(keys, 352);
  transpose(out, a0, v128.xor(a1, bias), a2, v128.xor(a3, bias));
  transpose(out + 64, b0, v128.xor(b1, bias), b2, v128.xor(b3, bias));
}

/** Words x0 ... x3 of four blocks, block after block. */
// @ts-ignore: decorator
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
