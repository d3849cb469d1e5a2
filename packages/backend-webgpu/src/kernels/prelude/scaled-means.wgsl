// Field units of the feed-forward start (semantics 4.8), whose sums are 128 times too large: the product has up to 44 bits and a sign, two words.

// floor((a·m + 2^(s−1)) / 2^s), 7 <= s <= 47, |a| < 2^28, m < 2^16.
fn scaled_means(a: i32, m: u32, s: u32) -> i32 {
  let magnitude = u32(abs(a));
  let low_product = (magnitude & 0xffffu) * m;
  let high_product = (magnitude >> 16u) * m;
  var low = low_product + (high_product << 16u);
  var high = (high_product >> 16u) + u32(low < low_product);
  if (a < 0) {
    low = ~low + 1u;
    high = ~high + u32(low == 0u);
  }
  if (s <= 32u) {
    let half = 1u << (s - 1u);
    low += half;
    high += u32(low < half);
    if (s == 32u) {
      return bitcast<i32>(high);
    }
    return bitcast<i32>((low >> s) | (high << (32u - s)));
  }
  high += 1u << (s - 33u);
  return bitcast<i32>(high) >> (s - 32u);
}
