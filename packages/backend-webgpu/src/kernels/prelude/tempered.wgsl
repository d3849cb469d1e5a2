// The field of a sweep with a temperature of its own (semantics 4.5): floor((u·b + 32768) / 65536) in 32 bits, 0 <= b <= 65536.

fn tempered(u: i32, b: u32) -> i32 {
  // The second term is unsigned: at most 65535·65536 + 32768.
  return (u >> 16u) * i32(b) + i32(((u32(u) & 0xffffu) * b + 32768u) >> 16u);
}
