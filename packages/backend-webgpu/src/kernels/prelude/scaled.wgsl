// Field units (semantics 4.3): floor((A·M + half) / 2^sh) in 32 bits, exact while |A| < 2^21 and the result is below 2^26.

fn scaled(a: i32, multiplier: i32, shift: u32) -> i32 {
  let high = (a >> 8u) * multiplier;
  let low = (a & 255) * multiplier;
  if (shift >= 38u) {
    return 0;
  }
  if (shift >= 9u) {
    return (high + (low >> 8u) + (1 << (shift - 9u))) >> (shift - 8u);
  }
  let half = select(0, 1 << (max(shift, 1u) - 1u), shift >= 1u);
  return (high << (8u - shift)) + ((low + half) >> shift);
}
