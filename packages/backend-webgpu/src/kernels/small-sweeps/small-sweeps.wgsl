// Many sweeps of a small block in one dispatch, fixed law (semantics 1.5, 4.5, 4.6, 5): small blocks are over before a GPU has been told of the next
// color. The law is that of the field kernels and gibbs-update, and so are the bits.
//   u_i = base_i + Σ_c scaled_c(Σ_j w_ij s_j)        u ← tempered(u, b_t)        s_i = +1  iff  r_i < T[clamp(u)]
// Parallel:  a workgroup has some rows for itself; an invocation updates an octet of a row: one Philox block. Colors are barriers apart.
// Reads:     everything by spin from lists.        Writes: states, sums, kept states and flips of its rows.
// Cost:      per spin and sweep, 4 B for each neighbour, 4 B of base, 4 B of the table; states are in workgroup memory, 4 B for an octet.

struct Small {
  // Places of a row: the spins of free banks, each bank padded to whole words.
  places: u32,
  octets: u32,
  words: u32,
  colors: u32,
  // Rows of one workgroup.
  rows: u32,
  chains: u32,
  // c3 of the first chain: block·2^24 + chainOffset.
  block_chain: u32,
  // 8·2^k.
  limit: i32,
  seed_low: u32,
  seed_high: u32,
  // 1: spin-sum, 2: conditional-sum.
  sums: u32,
  // base of row r: base[(r / base_rows)·base_stride + place].
  base_rows: u32,
  base_stride: u32,
  burn_in: u32,
  stride: u32,
  sweep_offset: u32,
  // Retained states that there is room for; 0: none are kept.
  slots: u32,
  // Where the parts of numbers begin; 0: no temperatures.
  images_at: u32,
  colors_at: u32,
  multipliers_at: u32,
  temperatures_at: u32,
  // Temperatures that there is room for: those of the sweeps of one round.
  temperature_slots: u32,
}

@group(0) @binding(0) var<uniform> small: Small;
// Of each color, octets of a row: octet, bits that have the color, counter word c0.
@group(0) @binding(1) var<storage, read> items: array<vec4<u32>>;
// Where the list of a place begins; then lists: the number of couplings, and of each coupling·2^24 + its neighbours, and neighbours, place·256 + weight.
@group(0) @binding(2) var<storage, read> lists: array<u32>;
@group(0) @binding(3) var<storage, read> base: array<i32>;
// T; numbers of images; first item of each color and of none; M and sh of each coupling; b_t of a round of sweeps.
@group(0) @binding(4) var<storage, read> numbers: array<u32>;
// Of each row: its words, then low and high word of the count of its flips.
@group(0) @binding(5) var<storage, read_write> states: array<u32>;
@group(0) @binding(6) var<storage, read_write> sums: array<i32>;
@group(0) @binding(7) var<storage, read_write> kept: array<u32>;

override workgroup_size: u32 = 64u;
// Octets of the rows of a workgroup.
override octets_staged: u32;

var<workgroup> octets: array<u32, octets_staged>;
// Of each row.
var<workgroup> flipped: array<atomic<u32>, octets_staged>;

fn field(place: u32, row_octets: u32, base_first: u32) -> i32 {
  var u = base[base_first + place];
  var at = lists[place];
  let couplings = lists[at];
  at++;
  for (var n = 0u; n < couplings; n++) {
    let coupling = small.multipliers_at + 2u * (lists[at] >> 24u);
    let end = at + 1u + (lists[at] & 0xffffffu);
    var sum = 0;
    for (at++; at < end; at++) {
      let neighbour = lists[at];
      let weight = bitcast<i32>(neighbour << 24u) >> 24u;
      let up = (octets[row_octets + (neighbour >> 11u)] >> ((neighbour >> 8u) & 7u)) & 1u;
      sum += select(-weight, weight, up == 1u);
    }
    u += scaled(sum, i32(numbers[coupling]), numbers[coupling + 1u]);
  }
  return u;
}

// The word of a row that these four octets make.
fn word_of(first: u32) -> u32 {
  return octets[first] | (octets[first + 1u] << 8u) | (octets[first + 2u] << 16u) | (octets[first + 3u] << 24u);
}

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let row_first = sweep.row_first + (workgroup.x + workgroups.x * workgroup.y) * small.rows;
  let row_end = sweep.row_first + sweep.row_count;
  if (row_first >= row_end) {
    return;
  }
  let rows = min(small.rows, row_end - row_first);
  let row_words = small.words + 2u;
  for (var n = local; n < rows * small.octets; n += workgroup_size) {
    let octet = n % small.octets;
    octets[n] = (states[(row_first + n / small.octets) * row_words + (octet >> 2u)] >> (8u * (octet & 3u))) & 255u;
  }
  workgroupBarrier();
  let key = vec2<u32>(small.seed_low, small.seed_high);
  for (var s = 0u; s < sweep.count; s++) {
    let t = sweep.first + s;
    let counter_sweep = select(small.sweep_offset + t, 0u, sweep.coins == 1u);
    var b = 65536u;
    if (small.temperatures_at != 0u) {
      b = numbers[small.temperatures_at + (t - 1u) % small.temperature_slots];
    }
    let retained = sweep.coins == 0u && t > small.burn_in && (t - small.burn_in) % small.stride == 0u;
    for (var color = 0u; color < small.colors; color++) {
      let first = numbers[small.colors_at + color];
      let count = numbers[small.colors_at + color + 1u] - first;
      for (var n = local; n < rows * count; n += workgroup_size) {
        let item = items[first + n % count];
        let local_row = n / count;
        let row = row_first + local_row;
        let row_octets = local_row * small.octets;
        let image = numbers[small.images_at + row / small.chains];
        let counter = vec4<u32>(item.z, counter_sweep, image, small.block_chain + row % small.chains);
        let draws = philox(counter, key);
        let base_first = (row / small.base_rows) * small.base_stride;
        let sum_first = 2u * row * small.places + 8u * item.x;
        var up = 0u;
        for (var i = 0u; i < 8u; i++) {
          if (((item.y >> i) & 1u) == 0u) {
            continue;
          }
          let draw = (draws[i >> 1u] >> (16u * (i & 1u))) & 0xffffu;
          var threshold = 32768u;
          if (sweep.coins == 0u) {
            let u = tempered(field(8u * item.x + i, row_octets, base_first), b);
            threshold = numbers[u32(clamp(u, -small.limit, small.limit) + small.limit)];
          }
          let spin = u32(draw < threshold);
          up |= spin << i;
          if (retained) {
            if ((small.sums & 1u) != 0u) {
              sums[sum_first + i] += 2 * i32(spin) - 1;
            }
            if ((small.sums & 2u) != 0u) {
              sums[sum_first + small.places + i] += 2 * i32(threshold) - 65536;
            }
          }
        }
        let old = octets[row_octets + item.x];
        let drawn = (old & ~item.y) | up;
        octets[row_octets + item.x] = drawn;
        if (sweep.coins == 0u) {
          atomicAdd(&flipped[local_row], countOneBits(old ^ drawn));
        }
      }
      workgroupBarrier();
    }
    if (retained && small.slots != 0u) {
      let slot = ((t - small.burn_in) / small.stride - 1u) % small.slots;
      for (var n = local; n < rows * small.words; n += workgroup_size) {
        let row = n / small.words;
        let word = n % small.words;
        kept[((row_first + row) * small.slots + slot) * small.words + word] = word_of(row * small.octets + 4u * word);
      }
      workgroupBarrier();
    }
  }
  for (var n = local; n < rows * small.words; n += workgroup_size) {
    let row = n / small.words;
    let word = n % small.words;
    states[(row_first + row) * row_words + word] = word_of(row * small.octets + 4u * word);
  }
  for (var n = local; n < rows; n += workgroup_size) {
    let at = (row_first + n) * row_words + small.words;
    let low = states[at];
    let count = atomicLoad(&flipped[n]);
    states[at] = low + count;
    states[at + 1u] += u32(low + count < low);
  }
}
