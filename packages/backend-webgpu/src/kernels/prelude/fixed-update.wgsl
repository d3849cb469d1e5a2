// The threshold of an update, fixed law (semantics 4.5, 4.6): T[clamp(u)] after the temperature.

alias Field = i32;

fn threshold(u: Field, b: u32) -> u32 {
  return table[u32(clamp(tempered(u, b), -bank.limit, bank.limit) + bank.limit)];
}
