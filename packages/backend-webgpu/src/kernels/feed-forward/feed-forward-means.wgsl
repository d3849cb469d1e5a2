// Signs and means of one color of one bank in the feed-forward start (semantics 4.8).
//   s = +1  iff  u ≥ 0        m = floor((T[clamp(u)] − 32768 + 128) / 256), −128 … 128
// m leaves as planes of signs, so that the field kernels, which sum ±1, serve here, too:
//   2·m = Σ_b 2^b·s_b + 255·1,  s_b the sign that stands for bit b of m + 128, b = 0 … 8; plane 9 is the 1
// Parallel:  one invocation per word of spins of one row.        Cost: per spin 4 B of field and 10 bits.

struct Means {
  spins: u32,
  words: u32,
  // Rows of a plane.
  rows: u32,
  field_rows: u32,
  field_stride: u32,
  // 8·2^k.
  limit: i32,
}

@group(0) @binding(0) var<uniform> bank: Means;
@group(0) @binding(1) var<storage, read> field: array<i32>;
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(0) @binding(3) var<storage, read> table: array<u32>;
@group(0) @binding(4) var<storage, read_write> states: array<u32>;
@group(0) @binding(5) var<storage, read_write> planes: array<u32>;

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
  let field_first = (row / bank.field_rows) * bank.field_stride + 32u * word;
  var signs = 0u;
  var bits = array<u32, 9>();
  for (var n = 0u; n < 32u; n++) {
    if (((chosen >> n) & 1u) == 0u) {
      continue;
    }
    let u = field[field_first + n];
    signs |= u32(u >= 0) << n;
    let threshold = table[clamp(u, -bank.limit, bank.limit) + bank.limit];
    // m + 128, without a sign in between: T + 128 is at least 0, and 32768 is 128·256.
    let mean = (threshold + 128u) >> 8u;
    for (var b = 0u; b < 9u; b++) {
      bits[b] |= ((mean >> b) & 1u) << n;
    }
  }
  let place = row * bank.words + word;
  states[place] = (states[place] & ~chosen) | signs;
  for (var b = 0u; b < 9u; b++) {
    let plane = b * bank.rows * bank.words + place;
    planes[plane] = (planes[plane] & ~chosen) | bits[b];
  }
}
