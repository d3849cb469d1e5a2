// Half sums of listed couplings (sparse, diagonal) for one row.
//
//   V = sum over neighbours of |w| where the neighbour's state agrees with the sign of w          A = 2V - sum|w|
//
// Parallel:  lanes are 16 receiving spins; their n-th neighbours are one step: 16 byte loads, one xor, one and, one add.
// Reads:     states, u8 0xFF or 0; per unit (16 spins) u32 offset of its steps and u32 their number; a step is 96 bytes:
//            16 x u32 offset of the neighbour's state, 16 bytes 0xFF where w < 0, 16 bytes |w| (0: no such neighbour). Four lanes whose states
//            follow each other, as on lattices, are one load: their second offset is 0xFFFFFFFF, and of eight the third as well.
// Writes:    V as 16-bit numbers, [unit][E: even lanes][O: odd lanes]; the caller keeps every spin's sum|w| below 2^16, and at most 255
//            for the byte form.

/** In place of a quad's second offset, or of the second and third of two quads: the states follow each other. */
const FOLLOWS: u32 = 0xffffffff;

/** The states of four lanes as the first four bytes. */
@inline
function quad(states: usize, at: usize): v128 {
  const first = states + usize(load<u32>(at));
  if (load<u32>(at, 4) == FOLLOWS) return v128.load32_splat(first);
  let v = v128.load8_splat(first);
  v = v128.load_lane<u8>(states + usize(load<u32>(at, 4)), v, 1);
  v = v128.load_lane<u8>(states + usize(load<u32>(at, 8)), v, 2);
  return v128.load_lane<u8>(states + usize(load<u32>(at, 12)), v, 3);
}

/** The states of eight lanes as the first eight bytes. */
@inline
function eight(states: usize, at: usize): v128 {
  if (load<u64>(at, 4) == u64.MAX_VALUE) return v128.load64_splat(states + usize(load<u32>(at)));
  return i32x4.shuffle(quad(states, at), quad(states, at + 16), 0, 4, 0, 4);
}

/** Agreeing |w| of 16 lanes. Four chains of insertions, because one of 16 is as long as 16 latencies. */
@inline
function half(states: usize, at: usize): v128 {
  const v = i64x2.shuffle(eight(states, at), eight(states, at + 32), 0, 2);
  return v128.and(v128.xor(v, v128.load(at, 64)), v128.load(at, 80));
}

/** Units begin ... end - 1; sum|w| of every spin at most 255. */
export function rowSparseByteSums(out: usize, states: usize, units: usize, steps: usize, begin: u32, end: u32): void {
  for (let n = begin; n < end; n++, out += 32) {
    let at = steps + usize(load<u32>(units + 8 * usize(n)));
    let v = i64x2.splat(0);
    for (const last = at + 96 * usize(load<u32>(units + 8 * usize(n), 4)); at < last; at += 96) v = i8x16.add(v, half(states, at));
    const h = i16x8.shr_u(v, 8);
    v128.store(out, i16x8.sub(v, i16x8.shl(h, 8)));
    v128.store(out, h, 16);
  }
}

/** Units begin ... end - 1; sum|w| of every spin below 2^16. */
export function rowSparseSums(out: usize, states: usize, units: usize, steps: usize, begin: u32, end: u32): void {
  for (let n = begin; n < end; n++, out += 32) {
    let at = steps + usize(load<u32>(units + 8 * usize(n)));
    let a = i64x2.splat(0);
    let h = a;
    for (const last = at + 96 * usize(load<u32>(units + 8 * usize(n), 4)); at < last; at += 96) {
      const v = half(states, at);
      a = i16x8.add(a, v);
      h = i16x8.add(h, i16x8.shr_u(v, 8));
    }
    v128.store(out, i16x8.sub(a, i16x8.shl(h, 8)));
    v128.store(out, h, 16);
  }
}
