// Sums of products by bit planes: w = −2^(p−1)·w_(p−1) + … + 2·w_1 + w_0, so that
//   Σ w·s = 2·Σ_b ±2^b·|{givers with bit b set and spin up}| − Σ w.
// Per k, 2·(planes + 1) vectors: planes from the lowest, two vectors of four receivers each, a word being the bits of 32 givers; then Σ w.

override planes: u32;
override vectors_per_k: u32;

fn add_products(bits: u32, at: u32, sums: ptr<function, array<vec4<i32>, 2>>) {
  let spins = vec4<u32>(bits);
  var a = vec4<i32>(0);
  var b = vec4<i32>(0);
  for (var plane = 0u; plane + 1u < planes; plane++) {
    let shift = vec4<u32>(plane + 1u);
    a += vec4<i32>(countOneBits(tile[at + 2u * plane] & spins) << shift);
    b += vec4<i32>(countOneBits(tile[at + 2u * plane + 1u] & spins) << shift);
  }
  let last = at + 2u * (planes - 1u);
  let shift = vec4<u32>(planes);
  a -= vec4<i32>(countOneBits(tile[last] & spins) << shift);
  b -= vec4<i32>(countOneBits(tile[last + 1u] & spins) << shift);
  (*sums)[0] += a - bitcast<vec4<i32>>(tile[last + 2u]);
  (*sums)[1] += b - bitcast<vec4<i32>>(tile[last + 3u]);
}
