// One color of one bank is updated, fixed law (semantics 4.5, 4.6, 5); retained sweeps are added to the sums (semantics 2.1).
//   u ← floor((u·b + 32768) / 65536)        s = +1  iff  r < T[clamp(u)]        spin-sum += s        conditional-sum += 2·T − 65536
// Parallel:  one invocation per octet of spins of one row: one Philox block. Four neighbours in a workgroup put a word of spins together.
// Reads:     fields of its spins.        Writes: their bits, sums, flips.
// Cost:      per spin 4 B of field, 4 B of the table, an eighth of a Philox block; 8 B for each sum in retained sweeps.

struct Update {
  // Octets of a row, a multiple of 4; spins and words of the bank.
  octets: u32,
  spins: u32,
  words: u32,
  // spinIndex of the bank's spin 0, by 8.
  octet_offset: u32,
  // Field of row r: field[(r / field_rows)·field_stride + spin].
  field_rows: u32,
  field_stride: u32,
  chains: u32,
  // c3 of the first chain: block·2^24 + chainOffset.
  block_chain: u32,
  // 8·2^k.
  limit: i32,
  seed_low: u32,
  seed_high: u32,
  // 1: spin-sum, 2: conditional-sum.
  sums: u32,
}

@group(0) @binding(0) var<uniform> bank: Update;
@group(0) @binding(1) var<storage, read> field: array<i32>;
// Bits of the spins that have this color.
@group(0) @binding(2) var<storage, read> mask: array<u32>;
@group(0) @binding(3) var<storage, read_write> states: array<u32>;
@group(0) @binding(4) var<storage, read> table: array<u32>;
// Global number of each image.
@group(0) @binding(5) var<storage, read> images: array<u32>;
@group(0) @binding(6) var<storage, read_write> spin_sums: array<i32>;
@group(0) @binding(7) var<storage, read_write> conditional_sums: array<i32>;
// Low and high word of a count.
@group(0) @binding(8) var<storage, read_write> flips: array<atomic<u32>, 2>;

override workgroup_size: u32 = 64u;

var<workgroup> octet_bits: array<u32, workgroup_size>;
var<workgroup> flipped: atomic<u32>;

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = invocation(workgroup, workgroups, local, workgroup_size);
  let computes = at < sweep.row_count * bank.octets;
  let row = sweep.row_first + at / bank.octets;
  let octet = at % bank.octets;
  let first = 8u * octet;
  var bits = 0u;
  if (computes && first < bank.spins) {
    let image = row / bank.chains;
    let counter = vec4<u32>(
      bank.octet_offset + octet, sweep.counter, images[image], bank.block_chain + row % bank.chains,
    );
    let draws = philox(counter, vec2<u32>(bank.seed_low, bank.seed_high));
    let chosen = (mask[octet >> 2u] >> (8u * (octet & 3u))) & 255u;
    let field_first = (row / bank.field_rows) * bank.field_stride;
    let sum_first = row * bank.spins;
    for (var n = 0u; n < 8u; n++) {
      if (((chosen >> n) & 1u) == 0u) {
        continue;
      }
      let spin = first + n;
      let draw = (draws[n >> 1u] >> (16u * (n & 1u))) & 0xffffu;
      var threshold = 32768u;
      if (sweep.coins == 0u) {
        let u = clamp(tempered(field[field_first + spin], sweep.temperature), -bank.limit, bank.limit);
        threshold = table[u + bank.limit];
      }
      let up = u32(draw < threshold);
      bits |= up << n;
      if (sweep.retained != 0u) {
        if ((bank.sums & 1u) != 0u) {
          spin_sums[sum_first + spin] += 2 * i32(up) - 1;
        }
        if ((bank.sums & 2u) != 0u) {
          conditional_sums[sum_first + spin] += 2 * i32(threshold) - 65536;
        }
      }
    }
  }
  octet_bits[local] = bits;
  workgroupBarrier();
  if (computes && (octet & 3u) == 0u) {
    let word = octet >> 2u;
    let place = row * bank.words + word;
    let drawn = octet_bits[local] | (octet_bits[local + 1u] << 8u) | (octet_bits[local + 2u] << 16u) |
      (octet_bits[local + 3u] << 24u);
    let old = states[place];
    let new_word = (old & ~mask[word]) | drawn;
    states[place] = new_word;
    if (sweep.coins == 0u) {
      atomicAdd(&flipped, countOneBits(old ^ new_word));
    }
  }
  workgroupBarrier();
  if (local == 0u) {
    let count = atomicLoad(&flipped);
    let low = atomicAdd(&flips[0], count);
    if (low + count < low) {
      atomicAdd(&flips[1], 1u);
    }
  }
}
