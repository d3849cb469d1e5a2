// Sums of products in f32, one coupling at a time. Per k, 64 vectors: for each of 32 givers, two vectors of four receivers each.

const vectors_per_k = 64u;

fn add_products(bits: u32, at: u32, sums: ptr<function, array<vec4<f32>, 2>>) {
  for (var n = 0u; n < 32u; n++) {
    let spin = select(-1.0, 1.0, ((bits >> n) & 1u) == 1u);
    (*sums)[0] += spin * bitcast<vec4<f32>>(tile[at + 2u * n]);
    (*sums)[1] += spin * bitcast<vec4<f32>>(tile[at + 2u * n + 1u]);
  }
}
