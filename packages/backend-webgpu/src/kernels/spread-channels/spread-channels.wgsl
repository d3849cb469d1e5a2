// The spins of a bank with the channels of a pixel together, as convolutions read them.
//   from  row, channel, pixel (bit n of a row is spin n)        to  row, pixel, channel (each pixel begins a word)
// Parallel:  one invocation per word written.        Cost: 32 words read, shared by neighbouring pixels.

struct Spread {
  channels: u32,
  pixels: u32,
  // Words of a row before; of a pixel after.
  words: u32,
  pixel_words: u32,
}

@group(0) @binding(0) var<uniform> spread: Spread;
@group(0) @binding(1) var<storage, read> states: array<u32>;
@group(0) @binding(2) var<storage, read_write> pixels: array<u32>;

override workgroup_size: u32 = 64u;

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = invocation(workgroup, workgroups, local, workgroup_size);
  let per_row = spread.pixels * spread.pixel_words;
  if (at >= sweep.row_count * per_row) {
    return;
  }
  let row = sweep.row_first + at / per_row;
  // Pixels fastest: neighbours read the same words.
  let within = at % per_row;
  let pixel = within % spread.pixels;
  let word = within / spread.pixels;
  let source_at = row * spread.words;
  let count = min(32u, spread.channels - 32u * word);
  var bits = 0u;
  for (var n = 0u; n < count; n++) {
    let spin = (32u * word + n) * spread.pixels + pixel;
    bits |= ((states[source_at + (spin >> 5u)] >> (spin & 31u)) & 1u) << n;
  }
  pixels[row * per_row + pixel * spread.pixel_words + word] = bits;
}
