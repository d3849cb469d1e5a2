// The real law (semantics 7) in f32. Fields are in units of k_B·T at the reference β.

alias Field = f32;

// Two words of a list: the column, and the weight.
const entry_words = 2u;

fn entry_column(first: u32) -> u32 {
  return first;
}

fn entry_weight(first: u32, second: u32) -> Field {
  return bitcast<f32>(second);
}

// factor is β·gain.
fn field_term(sum: Field, factor: u32, shift: u32) -> Field {
  return bitcast<f32>(factor) * sum;
}
