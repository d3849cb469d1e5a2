// Sums of rows become sums of images, and signs (semantics 2.2, 2.6).
//   sum_image = Σ_chains sum_row        sign = +1  iff  sum > 0, or sum = 0 and the tie is +1
// Parallel:  one invocation per 32 spins of one image.        Cost: 4 B per spin and chain.

struct Readout {
  images: u32,
  chains: u32,
  spins: u32,
  words: u32,
  // Sum of row r: row_sums[r·row_stride + row_first + spin].
  row_stride: u32,
  row_first: u32,
  // The least sum that gives +1: 0 or 1.
  least: i32,
}

@group(0) @binding(0) var<uniform> readout: Readout;
@group(0) @binding(1) var<storage, read> row_sums: array<i32>;
@group(0) @binding(2) var<storage, read_write> sums: array<i32>;
@group(0) @binding(3) var<storage, read_write> signs: array<u32>;

override workgroup_size: u32 = 64u;

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = invocation(workgroup, workgroups, local, workgroup_size);
  if (at >= readout.images * readout.words) {
    return;
  }
  let image = at / readout.words;
  let first = 32u * (at % readout.words);
  var word = 0u;
  for (var n = 0u; n < 32u && first + n < readout.spins; n++) {
    var sum = 0;
    for (var chain = 0u; chain < readout.chains; chain++) {
      sum += row_sums[(image * readout.chains + chain) * readout.row_stride + readout.row_first + first + n];
    }
    sums[image * readout.spins + first + n] = sum;
    word |= u32(sum >= readout.least) << n;
  }
  signs[at] = word;
}
