// Lanes of a v128: 16 rows as bytes; as 16-bit numbers two vectors, E = lanes 0, 2, …, 14 and O = lanes 1, 3, …, 15.

/** table[index] per byte, indices 0 … 15 (relaxed) — or, on the baseline, the same with the clamp that the engine adds. */
@inline
export function lookup(table: v128, index: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i8x16.relaxed_swizzle(table, index);
  return i8x16.swizzle(table, index);
}

/** Byte masks of 16 rows from the 16-bit masks of E and O. `oddBytes` is 0xFF00 in every 16-bit lane. */
@inline
export function joinMasks(even: v128, odd: v128, oddBytes: v128): v128 {
  return v128.bitselect(odd, even, oddBytes);
}
