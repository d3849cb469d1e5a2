// What one sparse or diagonal coupling adds to the fields of listed spins of a bank (semantics 3.6, 4.3, 4.5, 7).
//   A = Σ w·s over the spin's neighbours            u ← base + term(A), or u + term(A), or the plain sum; term is the law's
// Parallel:  one invocation per listed spin of one row.        Writes: fields of these spins only.
// Cost:      per neighbour 4 B of column and weight and one word of spins, in the order of the list.

struct Sparse {
  // Listed spins.
  count: u32,
  source_row: u32,
  source_first: u32,
  // Field of row r: field[r·field_stride + field_first + spin].
  field_stride: u32,
  field_first: u32,
  base_rows: u32,
  base_stride: u32,
  mode: u32,
  factor: u32,
  shift: u32,
  plain: i32,
}

@group(0) @binding(0) var<uniform> sparse: Sparse;
// The listed spins: first entry of each, then its spin.
@group(0) @binding(1) var<storage, read> list: array<vec2<u32>>;
// Columns and weights, as the law has them.
@group(0) @binding(2) var<storage, read> entries: array<u32>;
@group(0) @binding(3) var<storage, read> source: array<u32>;
@group(0) @binding(4) var<storage, read> base: array<Field>;
@group(0) @binding(5) var<storage, read_write> field: array<Field>;

override workgroup_size: u32 = 64u;

@compute @workgroup_size(workgroup_size)
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let at = invocation(workgroup, workgroups, local, workgroup_size);
  if (at >= sweep.row_count * sparse.count) {
    return;
  }
  let row = sweep.row_first + at / sparse.count;
  let n = at % sparse.count;
  let source_at = (sparse.source_first + row) * sparse.source_row;
  var sum = Field(0);
  for (var entry = list[n].x; entry < list[n + 1u].x; entry++) {
    let first = entries[entry_words * entry];
    let column = entry_column(first);
    let weight = entry_weight(first, entries[entry_words * entry + entry_words - 1u]);
    let up = (source[source_at + (column >> 5u)] >> (column & 31u)) & 1u;
    sum += select(-weight, weight, up == 1u);
  }
  let spin = list[n].y;
  let to = row * sparse.field_stride + sparse.field_first + spin;
  switch (sparse.mode) {
    case 0u: {
      field[to] = base[(row / sparse.base_rows) * sparse.base_stride + spin] + field_term(sum, sparse.factor, sparse.shift);
    }
    case 1u: { field[to] += field_term(sum, sparse.factor, sparse.shift); }
    case 2u: { field[to] = Field(sparse.plain) * sum; }
    default: { field[to] += Field(sparse.plain) * sum; }
  }
}
