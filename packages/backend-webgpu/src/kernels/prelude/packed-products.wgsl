// Sums of products by packed 4×8-bit dot products. Per k, 16 vectors: for each of 8 groups of four givers, two vectors of four receivers each;
// a word is the four int8 weights of one receiver.

requires packed_4x8_integer_dot_product;

const vectors_per_k = 16u;

// Bits 0 … 3 as the bytes of a word, each +1 or −1.
fn signed_bytes(bits: u32) -> u32 {
  let ones = ((bits & 15u) * 0x00204081u) & 0x01010101u;
  return ones | ((ones ^ 0x01010101u) * 255u);
}

fn add_products(bits: u32, at: u32, sums: ptr<function, array<vec4<i32>, 2>>) {
  for (var n = 0u; n < 8u; n++) {
    let spins = signed_bytes(bits >> (4u * n));
    let a = tile[at + 2u * n];
    let b = tile[at + 2u * n + 1u];
    (*sums)[0] += vec4<i32>(
      dot4I8Packed(a.x, spins), dot4I8Packed(a.y, spins), dot4I8Packed(a.z, spins), dot4I8Packed(a.w, spins),
    );
    (*sums)[1] += vec4<i32>(
      dot4I8Packed(b.x, spins), dot4I8Packed(b.y, spins), dot4I8Packed(b.z, spins), dot4I8Packed(b.w, spins),
    );
  }
}
