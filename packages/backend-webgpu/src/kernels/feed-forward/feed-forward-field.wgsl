// Fields of the feed-forward start from the plain sums over planes of means (semantics 4.8).
//   u ← base + floor((A'·M + 2^(sh+6)) / 2^(sh+7)), or u + the same        2·A' is what the planes sum up to (feed-forward-means)
// Parallel:  one invocation per spin of one row.        Cost: 12 B per spin.

struct MeansField {
  spins: u32,
  base_rows: u32,
  base_stride: u32,
  // 0: u = base + …, 1: u += …
  mode: u32,
  multiplier: u32,
  shift: u32,
}

@group(0) @binding(0) var<uniform> means: MeansField;
@group(0) @binding(1) var<storage, read> doubled: array<i32>;
@group(0) @binding(2) var<storage, read> base: array<i32>;
@group(0) @binding(3) var<storage, read_write> field: array<i32>;

override workgroup_size: u32 = 64u;

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = invocation(workgroup, workgroups, local, workgroup_size);
  if (at >= sweep.row_count * means.spins) {
    return;
  }
  let row = sweep.row_first + at / means.spins;
  let spin = at % means.spins;
  let to = row * means.spins + spin;
  let term = scaled_means(doubled[to] >> 1u, means.multiplier, means.shift + 7u);
  if (means.mode == 0u) {
    field[to] = base[(row / means.base_rows) * means.base_stride + spin] + term;
  } else {
    field[to] += term;
  }
}
