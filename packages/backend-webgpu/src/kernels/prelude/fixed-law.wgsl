// The fixed law (semantics 4): integers.

alias Field = i32;

// A word of a list: column·256 + the weight as a byte.
const entry_words = 1u;

fn entry_column(first: u32) -> u32 {
  return first >> 8u;
}

fn entry_weight(first: u32, second: u32) -> Field {
  return bitcast<i32>(first << 24u) >> 24u;
}

// What Σ w·s of a coupling adds to a field.
fn field_term(sum: Field, factor: u32, shift: u32) -> Field {
  return scaled(sum, bitcast<i32>(factor), shift);
}
