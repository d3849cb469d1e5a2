// The states of a retained sweep are kept (semantics 2.1, 2.6): rows of [images][chains][slots].
// Parallel:  one invocation per word.        Cost: 8 B.

struct Retain {
  words: u32,
  // Retained sweeps that there is room for.
  slots: u32,
}

@group(0) @binding(0) var<uniform> retain: Retain;
@group(0) @binding(1) var<storage, read> states: array<u32>;
@group(0) @binding(2) var<storage, read_write> kept: array<u32>;

override workgroup_size: u32 = 64u;

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = invocation(workgroup, workgroups, local, workgroup_size);
  if (at >= sweep.row_count * retain.words) {
    return;
  }
  let row = sweep.row_first + at / retain.words;
  let word = at % retain.words;
  kept[(row * retain.slots + sweep.retained - 1u) * retain.words + word] = states[row * retain.words + word];
}
