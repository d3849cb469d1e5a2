// The threshold of an update, real law (semantics 7): how many r have (r + 0.5) / 65536 < σ(2·u·b / 65536), u in units of k_B·T.

alias Field = f32;

fn threshold(u: Field, b: u32) -> u32 {
  // From 30 on σ is 1 in f32; exp must not overflow.
  let t = clamp(u * (f32(b) / 65536.0), -30.0, 30.0);
  return u32(clamp(ceil(65536.0 / (1.0 + exp(-2.0 * t)) - 0.5), 0.0, 65536.0));
}
