/**
 * The problems that are timed, as data. Convention everywhere: E = −Σ_{i<j} J_ij s_i s_j − Σ_i h_i s_i and
 * P(s_i = +1) = σ(2βf_i), as semantics 1.2 and 1.3. A workload is in float32; what an implementation rounds is its affair,
 * and its check energy shows it.
 */

/**
 * A bipartite block of two maps of the same size, joined by a 3×3 convolution with padding 1:
 * f2 = h2 + δ·conv(s1, K), f1 = h1 + δ·(adjoint of that conv)(s2). h1 and h2 are final values, not scaled by δ.
 * One sweep updates all of s1, then all of s2.
 */
export interface ConvWorkload {
  readonly kind: 'conv';
  readonly channels1: number;
  readonly channels2: number;
  readonly height: number;
  readonly width: number;
  readonly batch: number;
  readonly delta: number;
  readonly beta: number;
  /** `[channels2][channels1][3][3]` */
  readonly kernel: Float32Array<ArrayBuffer>;
  /** `[batch][channels1][height][width]` */
  readonly h1: Float32Array<ArrayBuffer>;
  /** `[batch][channels2][height][width]` */
  readonly h2: Float32Array<ArrayBuffer>;
}

/** Pairs u < v with their couplings, each pair once; colors are a proper coloring, and one sweep visits them in order. */
export interface GraphWorkload {
  readonly kind: 'graph';
  readonly spinCount: number;
  readonly colorCount: number;
  readonly chains: number;
  readonly beta: number;
  /** Per spin. */
  readonly h: Float32Array<ArrayBuffer>;
  /** Per spin. */
  readonly color: Int32Array<ArrayBuffer>;
  /** Per pair. */
  readonly u: Int32Array<ArrayBuffer>;
  readonly v: Int32Array<ArrayBuffer>;
  readonly J: Float32Array<ArrayBuffer>;
}

export type Workload = ConvWorkload | GraphWorkload;

/** Random start, `burnIn` sweeps, then the mean energy over `span` sweeps, looked at every `stride`. */
export interface CheckProtocol {
  readonly burnIn: number;
  readonly span: number;
  readonly stride: number;
}

/** What the figures of a workload are divided by, and how its energy is measured. */
export interface WorkloadFacts {
  readonly name: string;
  /** Spins of all images and chains. */
  readonly updatesPerSweep: number;
  /** 2 · (free couplings, in-bounds taps only) · images · chains. */
  readonly synapticOperationsPerSweep: number;
  /** Null: no energy is measured. */
  readonly check: CheckProtocol | null;
}

/** Independent copies that a sweep updates: images or chains. */
export const rowsOf = (w: Workload): number => (w.kind === 'conv' ? w.batch : w.chains);

export const spinsPerRow = (w: Workload): number =>
  w.kind === 'conv' ? (w.channels1 + w.channels2) * w.height * w.width : w.spinCount;

/** Of one row. A 3×3 kernel with padding 1 has 3n − 2 in-bounds (tap, output) pairs along an axis of n: two of 3n fall off. */
export const couplingsPerRow = (w: Workload): number =>
  w.kind === 'conv' ? w.channels1 * w.channels2 * (3 * w.height - 2) * (3 * w.width - 2) : w.u.length;

export function workloadFacts(name: string, workload: Workload, check: CheckProtocol | null): WorkloadFacts {
  const rows = rowsOf(workload);
  return {
    name,
    updatesPerSweep: spinsPerRow(workload) * rows,
    synapticOperationsPerSweep: 2 * couplingsPerRow(workload) * rows,
    check,
  };
}
