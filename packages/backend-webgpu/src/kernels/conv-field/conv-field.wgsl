// What one convolution, its adjoint or a dense coupling adds to the fields of a bank (semantics 3.4, 4.3, 4.5, 7).
//   A = Σ_k w_k·s_k over taps and givers            u ← base + term(A), or u + term(A), or the plain sum; term is the law's
// Source of a tap, per axis: (p·multiply + tap·dilation + offset) / divide where that is whole and on the map. The convolution itself has divide 1,
// its adjoint multiply 1 and dilation and offset negated; a dense coupling is one pixel, one tap.
// Parallel:  one invocation per 8 receiving channels of one pixel of one row; the weights of those channels go through workgroup memory.
// Reads:     spins with the channels of a pixel together (spread-channels), bit by bit.       Writes: fields of these spins only.
// Cost:      per invocation and 32 givers, 1 word of spins from memory; weights 256 B (packed) per workgroup.

struct Conv {
  // Per group: real receivers; blocks of 8 of them.
  receivers: u32,
  blocks: u32,
  // Of the block that the weights begin with, in the numbering over all groups.
  first_block: u32,
  // Words of givers per group and tap, and bits from one group to the next.
  words: u32,
  giver_channels: u32,
  width: u32,
  pixels: u32,
  taps_x: u32,
  taps: u32,
  source_width: u32,
  source_height: u32,
  // Words of one pixel, and of one row, of the giving bank.
  source_pixel: u32,
  source_row: u32,
  // Rows in front of row 0 of the giving bank.
  source_first: u32,
  multiply_x: i32,
  multiply_y: i32,
  dilation_x: i32,
  dilation_y: i32,
  offset_x: i32,
  offset_y: i32,
  divide_x: i32,
  divide_y: i32,
  // Field of row r: field[r·field_stride + field_first + spin].
  field_stride: u32,
  field_first: u32,
  // base of row r: base[(r / base_rows)·base_stride + spin].
  base_rows: u32,
  base_stride: u32,
  // 0: u = base + term(A).  1: u += term(A).  2: u = plain·A.  3: u += plain·A.
  mode: u32,
  factor: u32,
  shift: u32,
  plain: i32,
}

@group(0) @binding(0) var<uniform> conv: Conv;
@group(0) @binding(1) var<storage, read> weights: array<vec4<u32>>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read> base: array<Field>;
@group(0) @binding(4) var<storage, read_write> field: array<Field>;

override workgroup_size: u32 = 64u;
// Weights of this many k are staged at once.
const staged = 4u;

var<workgroup> tile: array<vec4<u32>, staged * vectors_per_k>;

// 32 spins of a pixel from a bit on; what lies beyond the group's channels meets weights that are 0.
fn window(at: u32, bit: u32) -> u32 {
  let word = at + (bit >> 5u);
  let shift = bit & 31u;
  if (shift == 0u) {
    return source[word];
  }
  return (source[word] >> shift) | (source[word + 1u] << (32u - shift));
}

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let block = conv.first_block + workgroup.z;
  let group = block / conv.blocks;
  let at = invocation(workgroup, workgroups, local, workgroup_size);
  let computes = at < sweep.row_count * conv.pixels;
  let row = sweep.row_first + at / conv.pixels;
  let pixel = at % conv.pixels;
  let y = i32(pixel / conv.width);
  let x = i32(pixel % conv.width);
  let source_at = (conv.source_first + row) * conv.source_row;
  let first_bit = group * conv.giver_channels;
  let k_count = conv.taps * conv.words;
  let weights_first = workgroup.z * k_count * vectors_per_k;

  var sums = array<vec4<Field>, 2>();
  for (var k0 = 0u; k0 < k_count; k0 += staged) {
    let count = min(staged, k_count - k0);
    workgroupBarrier();
    for (var n = local; n < count * vectors_per_k; n += workgroup_size) {
      tile[n] = weights[weights_first + k0 * vectors_per_k + n];
    }
    workgroupBarrier();
    if (computes) {
      for (var n = 0u; n < count; n++) {
        let k = k0 + n;
        let tap = k / conv.words;
        let ny = y * conv.multiply_y + i32(tap / conv.taps_x) * conv.dilation_y + conv.offset_y;
        let nx = x * conv.multiply_x + i32(tap % conv.taps_x) * conv.dilation_x + conv.offset_x;
        let sy = ny / conv.divide_y;
        let sx = nx / conv.divide_x;
        let whole = sy * conv.divide_y == ny && sx * conv.divide_x == nx;
        if (whole && ny >= 0 && nx >= 0 && u32(sy) < conv.source_height && u32(sx) < conv.source_width) {
          let place = source_at + (u32(sy) * conv.source_width + u32(sx)) * conv.source_pixel;
          add_products(window(place, first_bit + 32u * (k % conv.words)), n * vectors_per_k, &sums);
        }
      }
    }
  }
  if (!computes) {
    return;
  }
  let first = 8u * (block % conv.blocks);
  let base_first = (row / conv.base_rows) * conv.base_stride;
  for (var n = 0u; n < 8u && first + n < conv.receivers; n++) {
    let spin = (group * conv.receivers + first + n) * conv.pixels + pixel;
    let to = row * conv.field_stride + conv.field_first + spin;
    let sum = sums[n >> 2u][n & 3u];
    switch (conv.mode) {
      case 0u: { field[to] = base[base_first + spin] + field_term(sum, conv.factor, conv.shift); }
      case 1u: { field[to] += field_term(sum, conv.factor, conv.shift); }
      case 2u: { field[to] = Field(conv.plain) * sum; }
      default: { field[to] += Field(conv.plain) * sum; }
    }
  }
}
