/** The random numbers of a machine's lanes (lane engine) or samplers (convolution engine). */
export interface LaneGenerators {
  /** Words of state of all lanes, as the window GENERATORS shows them. 0: draws depend on their place alone. */
  readonly stateWords: number;
  /** Begins the streams of a row. */
  seed(key: StreamKey): void;
  /**
   * One 16-bit number, 0 … 65535, for each of `out.length` lanes from lane 0 on. Streams of all those lanes go one step, whether their slot holds a spin or
   * not. `spinIndices[first + lane]` is the spin of the lane (semantics 5.2), `sweep` is c1 of semantics 5.1: 0 for the initial state.
   */
  draw(out: Uint16Array, spinIndices: Uint32Array, first: number, sweep: number): void;
  /** A copy of the state of all lanes. */
  save(): Uint32Array;
  restore(words: Uint32Array): void;
}

/** What a row's streams depend on. */
export interface StreamKey {
  readonly seed: bigint;
  /** Global number of the image, u32. */
  readonly image: number;
  /** Block index · 2²⁴ + global chain, u32. */
  readonly blockAndChain: number;
  /** Sweeps that came before this run (semantics 2.5). */
  readonly sweepOffset: number;
}
