// Half sums of listed couplings (sparse, diagonal) for one row.
//
//   V = sum over neighbours of |w| where the neighbour's state agrees with the sign of w          A = 2V - sum|w|
//
// Parallel:  lanes are 16 receiving spins; their n-th neighbours are one step: 16 byte loads, one xor, one and, one add.
// Reads:     states, u8 0xFF or 0; per unit (16 spins) u32 offset of its steps and u32 their number; a step is 96 bytes:
//            16 x u32 offset of the neighbour's state, 16 bytes 0xFF where w < 0, 16 bytes |w| (0: no such neighbour). Four lanes whose states
//            follow each other, as on lattices, are one load: their second offset is 0xFFFFFFFF.
// Writes:    V as 16-bit numbers, [unit][E: even lanes][O: odd lanes]; the caller keeps every spin's sum|w| below 2^16, and at most 255
//            for the byte form.

/** In place of a quad's second offset: the four states follow each other. */
const FOLLOWS: u32 = 0xffffffff;

@inline
function half(states: usize, at: usize): v128 {
  let v = i64x2.splat(0);
  if (load<u32>(at, 4) == FOLLOWS) {
    v = v128.load_lane<u32>(states + usize(load<u32>(at, 0)), v, 0);
  } else {
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 0)), v, 0);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 4)), v, 1);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 8)), v, 2);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 12)), v, 3);
  }
  if (load<u32>(at, 20) == FOLLOWS) {
    v = v128.load_lane<u32>(states + usize(load<u32>(at, 16)), v, 1);
  } else {
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 16)), v, 4);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 20)), v, 5);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 24)), v, 6);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 28)), v, 7);
  }
  if (load<u32>(at, 36) == FOLLOWS) {
    v = v128.load_lane<u32>(states + usize(load<u32>(at, 32)), v, 2);
  } else {
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 32)), v, 8);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 36)), v, 9);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 40)), v, 10);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 44)), v, 11);
  }
  if (load<u32>(at, 52) == FOLLOWS) {
    v = v128.load_lane<u32>(states + usize(load<u32>(at, 48)), v, 3);
  } else {
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 48)), v, 12);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 52)), v, 13);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 56)), v, 14);
    v = v128.load_lane<u8>(states + usize(load<u32>(at, 60)), v, 15);
  }
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
