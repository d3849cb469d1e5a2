//! Reads a graph workload file: `PEERGRF1`, then little-endian numbers (bench/README.md).

pub struct Graph {
    pub spins: usize,
    pub chains: usize,
    pub beta: f64,
    pub h: Vec<f64>,
    /// (u, v, J)
    pub couplings: Vec<(usize, usize, f64)>,
}

/// None for a file of another kind: ferrotherm has no convolution, and one factor per tap of a block is too many.
pub fn read_graph(path: &str) -> Option<Graph> {
    let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{path}: {error}"));
    if !bytes.starts_with(b"PEERGRF1") {
        return None;
    }
    let word = |at: usize| -> [u8; 4] { bytes[at..at + 4].try_into().expect("four bytes") };
    let integer = |at: usize| i32::from_le_bytes(word(at)) as usize;
    let real = |at: usize| f64::from(f32::from_le_bytes(word(at)));
    let (spins, pairs) = (integer(8), integer(12));
    // Its own coloring replaces the file's, which lies between the fields and the pairs.
    let (fields, ends) = (28, 28 + 8 * spins);
    Some(Graph {
        spins,
        chains: integer(20),
        beta: real(24),
        h: (0..spins).map(|i| real(fields + 4 * i)).collect(),
        couplings: (0..pairs)
            .map(|k| (integer(ends + 4 * k), integer(ends + 4 * (pairs + k)), real(ends + 4 * (2 * pairs + k))))
            .collect(),
    })
}
