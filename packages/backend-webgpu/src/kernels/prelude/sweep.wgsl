// What changes from one dispatch of a kernel to the next: the sweep, and which rows (image, chain) this dispatch computes.

struct Sweep {
  // Counter word c1 of semantics 5.1: 0 for the initial state, else sweepOffset + t.
  counter: u32,
  // b_t of semantics 4.5; 65536 changes nothing.
  temperature: u32,
  // 1 + the index of the retained sweep, or 0.
  retained: u32,
  // 1: fair coins instead of an update (semantics 5.4).
  coins: u32,
  row_first: u32,
  row_count: u32,
  // Of kernels that make several sweeps: the first one (t, from 1) and how many.
  first: u32,
  count: u32,
}

@group(1) @binding(0) var<uniform> sweep: Sweep;

// The number of this invocation among all of a dispatch whose workgroups may fill more than one dimension.
fn invocation(workgroup: vec3<u32>, workgroups: vec3<u32>, local: u32, size: u32) -> u32 {
  return (workgroup.x + workgroups.x * workgroup.y) * size + local;
}
