// One color of one bank is updated (semantics 4.5, 4.6, 5, 7); retained sweeps are added to the sums (semantics 2.1).
//   s = +1  iff  r < T(u, b), T the law's        spin-sum += s        conditional-sum += 2·T − 65536
// Parallel:  one invocation per word of spins of one row; four Philox blocks, as far as their spins have this color.
// Reads:     fields of its spins.        Writes: their word, their sums; the flips of the row.
// Cost:      per spin 4 B of field, 4 B of the table, an eighth of a Philox block; 8 B for each sum in retained sweeps.

struct Update {
  // Words and spins of a row.
  words: u32,
  spins: u32,
  // spinIndex of the bank's spin 0, by 8.
  octet_offset: u32,
  // Field of row r: field[(r / field_rows)·field_stride + spin].
  field_rows: u32,
  field_stride: u32,
  chains: u32,
  // c3 of the first chain: block·2^24 + chainOffset.
  block_chain: u32,
  // 8·2^k of the fixed law.
  limit: i32,
  seed_low: u32,
  seed_high: u32,
  // 1: spin-sum, 2: conditional-sum.
  sums: u32,
}

@group(0) @binding(0) var<uniform> bank: Update;
@group(0) @binding(1) var<storage, read> field: array<Field>;
// Bits of the spins that have this color.
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(0) @binding(3) var<storage, read_write> states: array<u32>;
// T of the fixed law.
@group(0) @binding(4) var<storage, read> table: array<u32>;
// Global number of each image.
@group(0) @binding(5) var<storage, read> images: array<u32>;
@group(0) @binding(6) var<storage, read_write> spin_sums: array<i32>;
@group(0) @binding(7) var<storage, read_write> conditional_sums: array<i32>;
// Of each row: low and high word of a count.
@group(0) @binding(8) var<storage, read_write> flips: array<atomic<u32>>;

override workgroup_size: u32 = 64u;

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = invocation(workgroup, workgroups, local, workgroup_size);
  if (at >= sweep.row_count * bank.words) {
    return;
  }
  let row = sweep.row_first + at / bank.words;
  let word = at % bank.words;
  let chosen = mask[word];
  let key = vec2<u32>(bank.seed_low, bank.seed_high);
  let field_first = (row / bank.field_rows) * bank.field_stride + 32u * word;
  let sum_first = row * bank.spins + 32u * word;
  var counter = vec4<u32>(0u, sweep.counter, images[row / bank.chains], bank.block_chain + row % bank.chains);
  var up = 0u;
  for (var octet = 0u; octet < 4u; octet++) {
    if (((chosen >> (8u * octet)) & 255u) == 0u) {
      continue;
    }
    counter.x = bank.octet_offset + 4u * word + octet;
    let draws = philox(counter, key);
    for (var n = 8u * octet; n < 8u * octet + 8u; n++) {
      if (((chosen >> n) & 1u) == 0u) {
        continue;
      }
      let draw = (draws[(n >> 1u) & 3u] >> (16u * (n & 1u))) & 0xffffu;
      var up_draws = 32768u;
      if (sweep.coins == 0u) {
        up_draws = threshold(field[field_first + n], sweep.temperature);
      }
      let spin = u32(draw < up_draws);
      up |= spin << n;
      if (sweep.retained != 0u) {
        if ((bank.sums & 1u) != 0u) {
          spin_sums[sum_first + n] += 2 * i32(spin) - 1;
        }
        if ((bank.sums & 2u) != 0u) {
          conditional_sums[sum_first + n] += 2 * i32(up_draws) - 65536;
        }
      }
    }
  }
  let place = row * bank.words + word;
  let old = states[place];
  let drawn = (old & ~chosen) | up;
  states[place] = drawn;
  let flipped = countOneBits(old ^ drawn);
  if (sweep.coins == 0u && flipped != 0u) {
    let low = atomicAdd(&flips[2u * row], flipped);
    if (low + flipped < low) {
      atomicAdd(&flips[2u * row + 1u], 1u);
    }
  }
}
